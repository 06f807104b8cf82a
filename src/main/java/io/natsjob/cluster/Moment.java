package io.natsjob.cluster;

import io.natsjob.time.Clock;

/** A point in time on both clocks of this machine. */
record Moment(long nanos, long millis) {
    static Moment of(Clock clock) {
        return new Moment(clock.nanos(), clock.millis());
    }

    /**
     * Milliseconds to {@code later} for a right that ends: the longer of the two, since the monotonic clock stands still while a machine is
     * suspended, and the wall clock may be set back (docs/rules.md 11).
     */
    long atMostTo(Moment later) {
        return Math.max(atLeastTo(later), later.millis - millis);
    }

    /** Milliseconds to {@code later} for a right that begins: by the monotonic clock alone, since the wall clock may be set forwards. */
    long atLeastTo(Moment later) {
        return (later.nanos - nanos) / 1_000_000;
    }
}
