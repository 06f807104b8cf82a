package io.natsjob;

import io.natsjob.cluster.Term;
import io.natsjob.log.Log;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Leads whenever it can: takes the term, loads, runs, and cleans up when the lead is lost. A failed load is tried again. */
final class LeaderLoop implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** Everything that a clean stop of a term waits for, with a margin. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final Log LOG = Log.of("server");

    /** A start gives NATS this long before it leads without: a fire that is due meanwhile would be counted as nats-down. */
    private static final long NATS_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long NATS_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final LeaderContext context;
    private final long startedAt;
    private final Loop loop = Loop.onPlatformThread("leader", this::turn);
    private Term term;
    private volatile LeaderTerm running;

    LeaderLoop(LeaderContext context) {
        this.context = context;
        this.startedAt = context.clock().nanos();
    }

    void start() {
        loop.start();
    }

    /** What runs while this server leads, nothing while it does not. */
    Optional<LeaderTerm> running() {
        return Optional.ofNullable(running);
    }

    @Override
    public void close() {
        loop.close(STOP_LIMIT);
        end();
        if (term != null) {
            context.leadership().release(term);
        }
    }

    private long turn() {
        if (running != null) {
            if (!context.leadership().holds(term)) {
                end();
            }
            return LOOK_NANOS;
        }
        if (!natsReady() && context.clock().nanos() - startedAt < NATS_WAIT_NANOS) {
            return NATS_LOOK_NANOS;
        }
        try {
            lead();
            return LOOK_NANOS;
        } catch (RuntimeException e) {
            LOG.error("cannot lead yet", e);
            if (term != null) {
                context.leadership().stepDown(term, "its jobs could not be loaded");
            }
            return RETRY_NANOS;
        }
    }

    private boolean natsReady() {
        return context.publishing().connected() && context.setup().ready();
    }

    private void lead() {
        Optional<Term> taken = context.leadership().take();
        if (taken.isEmpty()) {
            return;
        }
        term = taken.get();
        LeaderTerm loaded = new LeaderTerm(context, term);
        try {
            loaded.start();
        } catch (RuntimeException e) {
            // Half of it runs already.
            loaded.close();
            throw e;
        }
        running = loaded;
    }

    private void end() {
        LeaderTerm ending = running;
        running = null;
        if (ending != null) {
            ending.close();
        }
    }
}
