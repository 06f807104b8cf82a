package io.natsjob.cluster;

import io.natsjob.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Nanoseconds during which heartbeats could be read: stands still while NATS is away or this process was stopped, so that an
 * outage does not make every worker dead at its end, when made-up fires need them. Safe for all threads.
 */
final class WatchTime {
    /** Looks are made each second; what passed beyond this between two of them was not watched. */
    private static final long MAX_STEP_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Clock clock;
    private long lookedAt;
    private long watched;

    WatchTime(Clock clock) {
        this.clock = clock;
        this.lookedAt = clock.nanos();
    }

    /** The time now, after a look whether heartbeats can be read. */
    synchronized long look(boolean readable) {
        long now = clock.nanos();
        if (readable) {
            watched += Math.min(now - lookedAt, MAX_STEP_NANOS);
        }
        lookedAt = now;
        return watched;
    }

    /** The time when a heartbeat comes, which is a look too: it was readable. */
    long now() {
        return look(true);
    }
}
