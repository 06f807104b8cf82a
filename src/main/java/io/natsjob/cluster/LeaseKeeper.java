package io.natsjob.cluster;

import io.natsjob.time.Loop;
import java.time.Duration;

/** The thread that keeps a lease: nothing else runs on it, so that neither a slow database nor a busy leader delays a renewal. */
public final class LeaseKeeper implements AutoCloseable {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

    private final Lease lease;
    private final Loop loop;

    public LeaseKeeper(Lease lease) {
        this.lease = lease;
        this.loop = Loop.onPlatformThread("lease", lease::turn);
    }

    public void start() {
        loop.start();
    }

    /** Looks now: NATS is back, or somebody has given the lease back. */
    public void wake() {
        loop.wake();
    }

    /** Ends the renewals, then gives the lease back. */
    @Override
    public void close() {
        loop.close(STOP_LIMIT);
        lease.release("clean stop", 0);
    }
}
