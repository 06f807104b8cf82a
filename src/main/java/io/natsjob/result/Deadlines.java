package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.dispatch.OpenRuns.Due;
import io.natsjob.log.Log;
import io.natsjob.nats.BucketState;
import io.natsjob.nats.NatsException;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.store.RunEnd;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Ends runs whose deadline has passed, but only when no answer from before it can still be unread: after the deadline it asks
 * NATS for the bucket's last revision, and waits until everything up to it is read and done with (docs/rules.md 23). One
 * request serves all runs that are due. Without NATS no run expires.
 */
public final class Deadlines implements AutoCloseable {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** After that the last revision may have been removed unread, by its age or by a purge that is not ours. */
    private static final long ASK_AGAIN_MILLIS = 2_000;
    private static final Log LOG = Log.of("result");

    private final OpenRuns open;
    private final ResultsBucket bucket;
    private final ResultWriter writer;
    private final ReadPosition position;
    private final SteadyTime time;
    private final Loop loop = Loop.onVirtualThread("deadlines", this::turn);
    /** Epoch seconds. */
    private long nextSecond;
    private final List<Due> due = new ArrayList<>();
    private List<Due> asked = List.of();
    /** The incarnation of the bucket to which {@link #lastRevision} belongs. */
    private long askedOf;
    private long lastRevision;
    private long askedAt;

    Deadlines(OpenRuns open, ResultsBucket bucket, ResultWriter writer, ReadPosition position, SteadyTime time) {
        this.open = open;
        this.bucket = bucket;
        this.writer = writer;
        this.position = position;
        this.time = time;
        this.nextSecond = Math.floorDiv(time.millis(), 1_000);
    }

    void start() {
        loop.start();
    }

    @Override
    public void close() {
        loop.close();
    }

    /** One look: asks for what is due, and ends what was asked for when its answers are through. */
    long turn() {
        for (long now = Math.floorDiv(time.millis(), 1_000); nextSecond <= now; nextSecond++) {
            due.addAll(open.due(nextSecond));
        }
        if (!asked.isEmpty() && position.incarnation() != askedOf) {
            // The revision that was waited for is another bucket's.
            due.addAll(asked);
            asked = List.of();
        }
        try {
            if (asked.isEmpty() && !due.isEmpty()) {
                ask();
            }
            if (!asked.isEmpty() && passed()) {
                asked.forEach(this::expire);
                asked = List.of();
            }
        } catch (NatsException e) {
            LOG.debug("deadlines wait for NATS", "runs", asked.size() + due.size(), "why", e.getMessage());
        } catch (StoreException e) {
            LOG.debug("deadlines end, the writer has stopped", "why", e.getMessage());
        }
        return TURN_NANOS;
    }

    private void ask() {
        long incarnation = position.incarnation();
        BucketState state = bucket.info();
        if (state.createdMillis() != position.created() || state.lastSeq() < position.position()) {
            return; // The reader is about to find out and to begin anew.
        }
        lastRevision = state.lastSeq();
        askedOf = incarnation;
        askedAt = time.millis();
        asked = List.copyOf(due);
        due.clear();
    }

    private boolean passed() {
        if (position.committed().revision() >= lastRevision) {
            return true;
        }
        if (time.millis() - askedAt < ASK_AGAIN_MILLIS) {
            return false;
        }
        askedAt = time.millis();
        long read = position.position();
        return position.committed().revision() >= read && !bucket.anythingAfter(read);
    }

    private void expire(Due passed) {
        OpenRun run = passed.run();
        open.expire(passed).ifPresent(state -> {
            RunEnd end = Ends.byDeadline(run, state, Math.max(time.millis(), run.deadlineAt()));
            writer.submit(new Transition.Expired(run, passed.step(), end));
        });
    }
}
