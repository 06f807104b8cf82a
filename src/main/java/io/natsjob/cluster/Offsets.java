package io.natsjob.cluster;

/**
 * How far a server's clock is ahead of NATS', by its last heartbeats: what it said in each, less the time at which NATS took it. A heartbeat
 * that was on its way for long only lessens that, so the greatest of the last three is the nearest to the truth.
 */
record Offsets(long newest, long before, long first) {
    static Offsets of(long millis) {
        return new Offsets(millis, millis, millis);
    }

    Offsets and(long millis) {
        return new Offsets(millis, newest, before);
    }

    /** Milliseconds. */
    long best() {
        return Math.max(newest, Math.max(before, first));
    }
}
