package io.natsjob;

import io.natsjob.log.Log;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.time.Loop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Sees to it that stream and buckets exist: after each connection, and again every two seconds while something is missing. */
final class NatsSetup implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final Log LOG = Log.of("nats");

    private final NatsLink link;
    private final Infrastructure infrastructure;
    private final Loop loop = Loop.onVirtualThread("nats-setup", this::turn);
    private volatile boolean ready;
    private volatile boolean wanted = true;
    private volatile String problem;

    NatsSetup(NatsLink link, Infrastructure infrastructure) {
        this.link = link;
        this.infrastructure = infrastructure;
        link.onConnected(this::again);
    }

    void start() {
        loop.start();
    }

    /** Looks again, now. */
    void again() {
        wanted = true;
        loop.wake();
    }

    /** Whether everything was there when it was looked at last. */
    boolean ready() {
        return ready;
    }

    /** What could not be had, in plain words, or null. */
    String problem() {
        return problem;
    }

    long duplicateWindowMillis() {
        return infrastructure.duplicateWindowMillis();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        if (wanted && link.connected()) {
            wanted = false;
            List<String> problems = infrastructure.ensure();
            told(problems.isEmpty() ? null : String.join("; ", problems));
            wanted |= !problems.isEmpty();
        }
        return wanted ? RETRY_NANOS : TimeUnit.HOURS.toNanos(1);
    }

    private void told(String now) {
        if (now != null && !now.equals(problem)) {
            LOG.error("NATS is not usable yet", "why", now);
        } else if (now == null && !ready) {
            LOG.info("stream and buckets are there");
        }
        problem = now;
        ready = now == null;
    }
}
