package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.log.Log;
import io.natsjob.nats.OrderedReader;
import io.natsjob.protocol.Answer;
import io.natsjob.protocol.End;
import io.natsjob.protocol.Parsed;
import io.natsjob.protocol.ResultKey;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.store.RunEnd;
import io.natsjob.time.SteadyTime;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Turns what workers put under the result keys into transitions, in the order of the bucket. Called by one thread at a time. */
public final class AnswerReader implements OrderedReader.Sink {
    private static final Log LOG = Log.of("result");

    private final OpenRuns open;
    private final ResultWriter writer;
    private final ReadPosition position;
    private final IgnoredAnswers ignored;
    private final SteadyTime time;
    private final Results.Told told;

    AnswerReader(OpenRuns open, ResultWriter writer, ReadPosition position, IgnoredAnswers ignored, SteadyTime time, Results.Told told) {
        this.open = open;
        this.writer = writer;
        this.position = position;
        this.ignored = ignored;
        this.time = time;
        this.told = told;
    }

    @Override
    public void restarted(long createdMillis, boolean sameBucket) {
        if (!sameBucket) {
            LOG.debug("reading the results bucket from its start", "created", createdMillis);
            position.restart(createdMillis);
        }
    }

    @Override
    public void missing() {
        told.bucketMissing().run();
    }

    @Override
    public void entry(OrderedReader.Entry entry) {
        Place place = position.read(entry.seq());
        if (entry.delete()) {
            position.done(place);
            return;
        }
        Optional<ResultKey> key = ResultKey.parse(entry.key());
        if (key.isEmpty()) {
            ignored.count("malformed-key", entry.key());
            position.done(place);
            return;
        }
        switch (Answer.parse(key.get(), entry.value())) {
            case Parsed.Ignored junk -> ignore(junk.reason(), place, key.get());
            case Answer answer -> answer(entry, place, key.get(), answer);
        }
    }

    private void answer(OrderedReader.Entry entry, Place place, ResultKey key, Answer answer) {
        if (key.end() != End.END) {
            ignore("unknown-part", place, key);
            return;
        }
        Optional<OpenRun> run = open.find(key.taskId());
        run.ifPresent(found -> position.ours(found.names().namespace()));
        if (run.isEmpty()) {
            writer.submit(new Transition.Unmatched(key.taskId(), key.names(), place, entry.key()));
        } else if (!run.get().names().equals(key.names())) {
            ignore("foreign", place, key);
        } else if (entry.timeMillis() > run.get().deadlineAt()) {
            // By the time at which NATS took it, not by when we read it (docs/rules.md 23).
            ignore("late", place, key);
        } else {
            end(entry, place, run.get(), answer);
        }
    }

    private void end(OrderedReader.Entry entry, Place place, OpenRun run, Answer answer) {
        RunEvent event = answer.status() == Answer.Status.SUCCESS ? RunEvent.SUCCEEDED : RunEvent.FAILED;
        Optional<RunState> state = open.end(run, event);
        if (state.isEmpty()) {
            ignored.count("repeated", entry.key());
            position.done(place, run.names().namespace());
            return;
        }
        RunEnd end = new RunEnd(run.id(), state.get(), answer.reason(), answer.monitorStatus(), answer.monitorPayload(), answer.clientId(),
                run.sentAt(), run.deadlineAt(), Math.max(run.sentAt(), Math.min(entry.timeMillis(), time.millis())));
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        if (!answer.monitorStatus().isEmpty()) {
            written.thenAccept(changed -> {
                if (changed) {
                    told.monitor().answered(run, answer);
                }
            });
        }
        writer.submit(new Transition.Ended(run, end, place, written));
    }

    private void ignore(String reason, Place place, ResultKey key) {
        ignored.count(reason, key.text());
        position.done(place, key.names().namespace());
    }
}
