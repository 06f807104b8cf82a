package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.nats.NatsException;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Lets NATS forget answers that are committed and durable: one purge up to a revision for each namespace, never above what was
 * committed before the last durable transaction (docs/rules.md 8, 24, 25). A server that purges by filter looks through the whole bucket, so it
 * waits for {@link #GROUP} answers or {@link #MAX_WAIT_MILLIS}.
 */
public final class Purger implements AutoCloseable {
    static final long GROUP = 10_000;
    static final long MAX_WAIT_MILLIS = 5_000;
    private static final Log LOG = Log.of("result");

    private final ResultsBucket bucket;
    private final ReadPosition position;
    private final SteadyTime time;
    private final Loop loop = Loop.onVirtualThread("purger", this::turn);
    private volatile Place durable = new Place(0, 0);
    /** Answered by {@link #committed} last; only that may be told to be durable. */
    private volatile Place offered = durable;
    private Place purged = durable;
    private long purgedAt;

    Purger(ResultsBucket bucket, ReadPosition position, SteadyTime time) {
        this.bucket = bucket;
        this.position = position;
        this.time = time;
        this.purgedAt = time.millis();
    }

    void start() {
        loop.start();
    }

    /** The highest revision that would be new to {@link #durable(long)}, 0 if there is none. */
    public long committed() {
        Place committed = position.committed();
        Place known = durable;
        if (committed.incarnation() == known.incarnation() && committed.revision() <= known.revision()) {
            return 0;
        }
        offered = committed;
        return committed.revision();
    }

    /** Everything up to {@code revision}, as {@link #committed} has answered, would survive a loss of power. */
    public void durable(long revision) {
        Place told = offered;
        if (revision > 0 && told.revision() == revision) {
            durable = told;
        }
    }

    /** Purges what is left, once. */
    @Override
    public void close() {
        loop.close();
        purge();
    }

    /** Purges when it is worth it. */
    long turn() {
        if (durable.revision() - purged.revision() >= GROUP || time.millis() - purgedAt >= MAX_WAIT_MILLIS) {
            purge();
        }
        return TimeUnit.MILLISECONDS.toNanos(500);
    }

    private void purge() {
        purgedAt = time.millis();
        long created = position.created();
        Place committed = position.committed();
        Place safe = durable;
        if (safe.incarnation() != committed.incarnation()) {
            // Another bucket: its revisions begin anew, and nothing of it is known to be durable yet.
            return;
        }
        Place upTo = new Place(safe.incarnation(), Math.min(safe.revision(), committed.revision()));
        try {
            for (Map.Entry<String, Long> each : position.purgeable(upTo).entrySet()) {
                if (bucket.info().createdMillis() != created) {
                    return; // The reader is about to find out and to begin anew.
                }
                bucket.purge(each.getKey(), each.getValue() + 1);
                position.purged(each.getKey(), new Place(upTo.incarnation(), each.getValue()));
            }
            purged = upTo;
        } catch (NatsException e) {
            LOG.debug("the purge of committed answers waits for NATS", "why", e.getMessage());
        }
    }
}
