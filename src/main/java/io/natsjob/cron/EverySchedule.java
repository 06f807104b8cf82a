package io.natsjob.cron;

/**
 * {@code @every <duration>}: fires at anchor + k * period, k at least 1, whatever zones and calendars do. The anchor belongs to the
 * job and is handed in with each question, so a restart or fail-over does not shift the phase.
 *
 * @param periodSeconds 1 to 9223372036, the whole seconds of Go's longest duration
 */
public record EverySchedule(long periodSeconds) implements Schedule {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;
    private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND;
    private static final long LAST_SECOND = Long.MAX_VALUE / 1000;

    public EverySchedule {
        if (periodSeconds < 1 || periodSeconds > MAX_SECONDS) {
            throw new IllegalArgumentException("periodSeconds " + periodSeconds + ": allowed are 1 to " + MAX_SECONDS);
        }
    }

    /** Less than a second, zero and negative mean one second; a fraction of a second is cut. */
    static EverySchedule ofNanos(long nanos) {
        return new EverySchedule(Math.max(1, nanos / NANOS_PER_SECOND));
    }

    @Override
    public long next(long afterMillis, long anchorMillis) {
        long anchor = Math.floorDiv(anchorMillis, 1000);
        long elapsed = Math.floorDiv(afterMillis, 1000) - anchor;
        long periods = Math.max(1, Math.floorDiv(elapsed, periodSeconds) + 1);
        long second = anchor + periods * periodSeconds;
        return second > LAST_SECOND ? NEVER : second * 1000;
    }

    @Override
    public boolean firesAt(long atMillis, long anchorMillis) {
        if (atMillis % 1000 != 0) {
            return false;
        }
        long elapsed = atMillis / 1000 - Math.floorDiv(anchorMillis, 1000);
        return elapsed > 0 && elapsed % periodSeconds == 0;
    }
}
