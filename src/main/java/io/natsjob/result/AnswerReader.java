package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.log.Log;
import io.natsjob.nats.OrderedReader;
import io.natsjob.protocol.Answer;
import io.natsjob.protocol.End;
import io.natsjob.protocol.Parsed;
import io.natsjob.protocol.ResultKey;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.store.PartEnd;
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
    private final Results.Ports ports;

    AnswerReader(OpenRuns open, ResultWriter writer, ReadPosition position, IgnoredAnswers ignored, SteadyTime time, Results.Ports ports) {
        this.open = open;
        this.writer = writer;
        this.position = position;
        this.ignored = ignored;
        this.time = time;
        this.ports = ports;
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
        ports.bucketMissing().run();
    }

    @Override
    public void entry(OrderedReader.Entry entry) {
        Place place = position.read(entry.seq());
        position.answered(entry.key());
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
        if (entry.preset()) {
            preset(place, key.get(), entry.key());
            return;
        }
        switch (Answer.parse(key.get(), entry.value())) {
            case Parsed.Ignored junk -> ignore(junk.reason(), place, key.get());
            case Answer answer -> answer(entry, place, key.get(), answer);
        }
    }

    /**
     * What a server of ours writes before it publishes, if that is set (docs/protocol.md, Ending a run). Not an answer and not counted as
     * one; it stays in NATS while its run is open, for the worker to update it.
     */
    private void preset(Place place, ResultKey key, String text) {
        open.find(key.taskId()).filter(run -> run.names().equals(key.names())).ifPresent(run -> {
            position.ours(key.names().namespace());
            position.hold(place, key.names().namespace(), text, () -> open.find(run.id()).isPresent());
        });
        position.done(place, key.names().namespace());
    }

    private void answer(OrderedReader.Entry entry, Place place, ResultKey key, Answer answer) {
        Optional<OpenRun> run = open.find(key.taskId());
        run.ifPresent(found -> position.ours(found.names().namespace()));
        if (run.isEmpty()) {
            writer.submit(new Transition.Unmatched(key.taskId(), key.names(), place, entry.key()));
        } else if (!run.get().names().equals(key.names())) {
            ignore("foreign", place, key);
        } else if (!addresses(key, run.get())) {
            // Also an answer under the sub-id of another run (docs/rules.md 27).
            ignore(key.end() == End.CLIENT_END ? "foreign" : "other-step", place, key);
        } else if (entry.timeMillis() > run.get().deadlineAt()) {
            // By the time at which NATS took it, not by when we read it (docs/rules.md 23).
            ignore("late", place, key);
        } else if (run.get().parts() != null) {
            part(entry, place, key, run.get(), answer);
        } else {
            RunStep of = key.end() == End.PRE_END ? RunStep.PRE : RunStep.MAIN;
            switch (answer.status()) {
                case NEXT -> next(place, key, run.get(), answer);
                case SUCCESS -> end(entry, place, key, run.get(), answer, open.end(run.get(), of, RunEvent.SUCCEEDED));
                case FAIL -> end(entry, place, key, run.get(), answer, open.end(run.get(), of, RunEvent.FAILED));
            }
        }
    }

    /** A run that goes to workers by name is answered by their parts, and by nothing else; every other one never. */
    private static boolean addresses(ResultKey key, OpenRun run) {
        if (key.end() != End.CLIENT_END) {
            return run.parts() == null;
        }
        return run.parts() != null && run.parts().indexOf(key.subId()).isPresent();
    }

    private void part(OrderedReader.Entry entry, Place place, ResultKey key, OpenRun run, Answer answer) {
        RunState state = answer.status() == Answer.Status.SUCCESS ? RunState.SUCCESS : RunState.FAIL;
        PartEnd part = Ends.part(run, run.parts().indexOf(key.subId()).getAsInt(), state, answer, endedAt(entry, run));
        open.endPart(run, part).ifPresentOrElse(
                done -> writer.submit(Ends.transition(run, part, done, place, told(run, answer))),
                () -> ignore("repeated", place, key));
    }

    private void next(Place place, ResultKey key, OpenRun run, Answer answer) {
        if (run.step() == RunStep.PRE && run.main() == null) {
            ignore("job-gone", place, key);
        } else if (open.next(run)) {
            writer.submit(new Transition.Next(run, place, time.millis(), told(run, answer)));
        } else {
            unmoved(place, key, run);
        }
    }

    /** The run has ended, or is in another step than the one that the key is of. */
    private void unmoved(Place place, ResultKey key, OpenRun run) {
        boolean otherStep = (key.end() == End.PRE_END) != (run.step() == RunStep.PRE);
        ignore(otherStep ? "other-step" : "repeated", place, key);
    }

    private void end(OrderedReader.Entry entry, Place place, ResultKey key, OpenRun run, Answer answer, Optional<RunState> state) {
        if (state.isEmpty()) {
            unmoved(place, key, run);
            return;
        }
        RunEnd end = Ends.byAnswer(run, state.get(), answer, endedAt(entry, run));
        writer.submit(new Transition.Ended(run, end, null, place, told(run, answer)));
    }

    private long endedAt(OrderedReader.Entry entry, OpenRun run) {
        return Math.max(run.sentAt(), Math.min(entry.timeMillis(), time.millis()));
    }

    /** Listeners are told once what is written. */
    private CompletableFuture<Boolean> told(OpenRun run, Answer answer) {
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        if (!answer.monitorStatus().isEmpty()) {
            written.thenAccept(changed -> {
                if (changed) {
                    ports.monitor().answered(run, answer);
                }
            });
        }
        return written;
    }

    private void ignore(String reason, Place place, ResultKey key) {
        ignored.count(reason, key.text());
        position.done(place, key.names().namespace());
    }
}
