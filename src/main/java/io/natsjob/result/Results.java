package io.natsjob.result;

import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.store.Database;
import io.natsjob.store.Known;
import io.natsjob.store.PartEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Everything that ends runs, put together for one term: reader, writer, deadlines, purger. */
public final class Results {
    /** For the commit of an operator's end. */
    private static final long WRITE_SECONDS = 10;
    private static final Duration ROOM_LIMIT = Duration.ofSeconds(2);
    private static final Log LOG = Log.of("result");

    /** What an operator's wish to end a run met. */
    public enum End { ENDED, FINAL, UNKNOWN }

    /**
     * Who is told what follows. Neither may wait.
     *
     * @param bucketMissing run when there is no results bucket to read, so that it is made
     * @param mainStep      takes maps whose main step is committed, to be sent
     * @param monitor       of answers with a monitor status
     */
    public record Ports(Runnable bucketMissing, Consumer<OpenRun> mainStep, Monitor monitor) {}

    private final Database database;
    private final OpenRuns open;
    private final SteadyTime time;
    private final ResultWriter writer;
    private final AnswerReader reader;
    private final Deadlines deadlines;
    private final Purger purger;

    public Results(Database database, Term term, OpenRuns open, ResultsBucket bucket, IgnoredAnswers ignored, SteadyTime time, Ports ports) {
        this.database = database;
        this.open = open;
        this.time = time;
        ReadPosition position = new ReadPosition();
        this.writer = new ResultWriter(database, term, open, position, ignored, time, ports.mainStep);
        this.reader = new AnswerReader(open, writer, position, ignored, time, ports);
        this.deadlines = new Deadlines(open, bucket, writer, position, time);
        this.purger = new Purger(bucket, position, time);
    }

    public void start() {
        writer.start();
        deadlines.start();
        purger.start();
    }

    /** Takes the answers; to be given to the reader of the bucket. */
    public AnswerReader reader() {
        return reader;
    }

    public ResultWriter writer() {
        return writer;
    }

    public Purger purger() {
        return purger;
    }

    /**
     * The run was sent so late that its row must learn of its deadline. Never waits: where the database keeps up with nothing, the
     * row keeps the earlier deadline, which matters to the next leader only, and fires go on.
     */
    public void postponed(OpenRun run) {
        boolean noted;
        try {
            noted = writer.offer(new Transition.Postponed(run, run.step(), run.deadlineAt()));
        } catch (StoreException e) {
            noted = false; // the writer has stopped
        }
        if (!noted) {
            LOG.warn("no room to note a later deadline", "run", run.id());
        }
    }

    /**
     * A part was surely not sent while others of its run were: it has failed. Never waits: where there is no room the part is left to the
     * deadline of its run.
     */
    public void refusedPart(OpenRun run, int index, SkipReason reason) {
        try {
            if (!writer.reserve(run.id(), Duration.ZERO)) {
                LOG.warn("no room to note a part that was not sent", "run", run.id(), "worker", run.parts().workerId(index), "why", reason.word());
                return;
            }
        } catch (StoreException e) {
            return; // the writer has stopped: the next leader leaves it to the deadline
        }
        PartEnd part = Ends.unsent(run, index, reason, time.millis());
        open.endPart(run, part).ifPresentOrElse(done -> writer.put(Ends.transition(run, part, done, null, new CompletableFuture<>())),
                () -> writer.unreserve(run.id()));
    }

    /**
     * Ends a stuck run as failed and waits for the commit.
     *
     * @throws StoreException where the database does not take it in time; it is written when it does
     */
    public End end(long runId, String reason) {
        // Room first: a run that has ended in memory must reach the database.
        if (!writer.reserve(runId, ROOM_LIMIT)) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "too many results wait for the database, the run was not ended");
        }
        Optional<OpenRun> run = open.find(runId);
        Optional<RunState> state = run.flatMap(r -> open.end(r, RunEvent.FAILED));
        if (state.isEmpty()) {
            writer.unreserve(runId);
            return run.isPresent() ? End.FINAL : stored(runId);
        }
        OpenRun ended = run.get();
        CompletableFuture<Boolean> written = new CompletableFuture<>();
        writer.put(new Transition.Ended(ended, Ends.byOperator(ended, state.get(), reason, time.millis()), null, null, written));
        await(written);
        return End.ENDED;
    }

    /** A run that is open in the database only is claimed and not sent: there is nothing to end. */
    private End stored(long runId) {
        Known known = database.read(sql -> RunTable.known(sql, List.of(runId))).get(runId);
        return known == null || !known.state().isFinal() ? End.UNKNOWN : End.FINAL;
    }

    /** Stops ending runs, after the reader of the bucket has stopped. The purger is left for after the last marks. */
    public void close() {
        deadlines.close();
        writer.close();
    }

    private static void await(CompletableFuture<Boolean> written) {
        try {
            written.get(WRITE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the end of the run is not written yet, it will be");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while the end of the run was written");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
