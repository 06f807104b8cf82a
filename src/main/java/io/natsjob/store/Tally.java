package io.natsjob.store;

/**
 * How often a job's fires had an outcome in one hour of their nominal times.
 *
 * @param hour    its first millisecond
 * @param outcome the word of a run state, {@code sent}, or the word of a skip reason
 * @param lastAt  nominal time of the newest of them, epoch milliseconds
 */
public record Tally(long jobId, long hour, String outcome, long count, long lastAt) {
    public static final long HOUR_MILLIS = 3_600_000;

    /** One fire. */
    public static Tally one(long jobId, String outcome, long fireAt) {
        return new Tally(jobId, hourOf(fireAt), outcome, 1, fireAt);
    }

    /** The first millisecond of the hour of {@code millis}. */
    public static long hourOf(long millis) {
        return millis - Math.floorMod(millis, HOUR_MILLIS);
    }
}
