package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.nats.NatsException;
import io.natsjob.nats.ResultsBucket;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.util.Set;
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
    private volatile long durable;
    private long purged;
    private long purgedAt;
    private long created;

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
        long committed = position.committed();
        return committed > durable || position.created() != created ? committed : 0;
    }

    /** Everything up to {@code revision} would survive a loss of power. */
    public void durable(long revision) {
        if (revision > 0) {
            durable = revision;
        }
    }

    /** Purges what is left, once. */
    @Override
    public void close() {
        loop.close();
        purge();
    }

    private long turn() {
        if (durable - purged >= GROUP || time.millis() - purgedAt >= MAX_WAIT_MILLIS) {
            purge();
        }
        return TimeUnit.MILLISECONDS.toNanos(500);
    }

    private void purge() {
        purgedAt = time.millis();
        if (position.created() != created) {
            // Another bucket: its revisions begin anew, and nothing of it is known to be durable yet.
            created = position.created();
            durable = 0;
            purged = 0;
        }
        long upTo = Math.min(durable, position.committed());
        if (upTo <= purged) {
            return;
        }
        Set<String> namespaces = position.takeNamespaces();
        try {
            if (!namespaces.isEmpty() && bucket.info().createdMillis() == created) {
                for (String namespace : namespaces) {
                    bucket.purge(namespace, upTo + 1);
                }
            }
            purged = upTo;
        } catch (NatsException e) {
            position.giveBack(namespaces);
            LOG.debug("the purge of committed answers waits for NATS", "why", e.getMessage());
        }
    }
}
