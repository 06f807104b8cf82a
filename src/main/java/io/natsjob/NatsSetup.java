package io.natsjob;

import io.natsjob.log.Log;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.time.Loop;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sees to it that stream and buckets exist: after each connection, every two seconds while something is missing, and else every ten
 * seconds, since somebody may delete one. Once they were there, a look that finds fault or
 * gets no answer closes nothing, for they most likely still are; only NATS' refusal after a new connection does.
 */
final class NatsSetup implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(10);
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

    /** The streams and buckets that had reached their own limit at the last look. */
    List<String> full() {
        return infrastructure.full();
    }

    long duplicateWindowMillis() {
        return infrastructure.duplicateWindowMillis();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        if (link.connected()) {
            boolean asked = wanted;
            wanted = false;
            List<String> problems = infrastructure.ensure();
            String why = problems.isEmpty() ? null : String.join("; ", problems);
            if (why == null || asked && !(ready && infrastructure.silent())) {
                told(why);
            } else {
                problem = why;
                LOG.debug("cannot tell whether stream and buckets are still there", "why", why);
            }
            wanted |= asked && why != null;
        }
        return wanted ? RETRY_NANOS : LOOK_NANOS;
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
