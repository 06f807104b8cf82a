package io.natsjob.result;

import java.util.concurrent.TimeUnit;

/**
 * Bounds steps whose run is not in the database: runs of lite and plus jobs, and whatever else names a task id. At most
 * {@value #PER_HOUR} for each hour, by NATS' time. For one thread.
 */
final class StrayLimit {
    static final int PER_HOUR = 100_000;
    private long hour = Long.MIN_VALUE;
    private int stored;

    /** Whether one more of this time may be stored; {@code before} of them are chosen and not yet {@link #stored}. */
    boolean room(long millis, int before) {
        return before + (hourOf(millis) == hour ? stored : 0) < PER_HOUR;
    }

    void stored(long millis) {
        if (hourOf(millis) != hour) {
            hour = hourOf(millis);
            stored = 0;
        }
        stored++;
    }

    private static long hourOf(long millis) {
        return Math.floorDiv(millis, TimeUnit.HOURS.toMillis(1));
    }
}
