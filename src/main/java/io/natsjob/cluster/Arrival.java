package io.natsjob.cluster;

import io.natsjob.protocol.Buckets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * When a heartbeat came. How long its sender counts as alive is measured from here, in time that was watched, never by the
 * sender's clock nor by the bucket's own expiry, which shows no event.
 *
 * @param millis     epoch milliseconds
 * @param watched    {@link WatchTime} in nanoseconds
 * @param natsMillis NATS' time stamp; compared with those of other heartbeats only
 */
record Arrival(long millis, long watched, long natsMillis) {
    /** Without a heartbeat for this long a worker or server is dead. */
    static final Duration LIFE = Duration.ofSeconds(Buckets.ALIVE_SECONDS);

    /**
     * When the sender's life of {@code life} nanoseconds is over, in time that was watched, as far as the newest heartbeat tells: this
     * one may have waited in the bucket.
     */
    long lifeEnds(long life, Arrival newest) {
        long older = Math.clamp(newest.natsMillis - natsMillis, 0, LIFE.toMillis());
        return Math.min(watched + life, newest.watched + life - TimeUnit.MILLISECONDS.toNanos(older));
    }
}
