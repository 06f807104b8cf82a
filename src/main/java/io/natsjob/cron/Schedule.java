package io.natsjob.cron;

import java.time.ZoneId;

/**
 * When a job fires: a set of whole seconds on the time line. Immutable, for all threads; equal ones are interchangeable, so callers
 * may share one among many jobs. Rules: docs/cron.md.
 */
public sealed interface Schedule permits CalendarSchedule, EverySchedule {
    /** The answer of {@link #next} when there is no further fire. */
    long NEVER = Long.MAX_VALUE;

    /**
     * The smallest fire strictly later than a given time.
     *
     * @param afterMillis epoch milliseconds, any value
     * @param anchorMillis epoch milliseconds from which {@code @every} counts, cut to its second: the fires are anchor + k * period,
     *     k at least 1. Calendar schedules ignore it.
     * @return epoch milliseconds of a whole second, or {@link #NEVER}: a calendar schedule looks no further than the fifth local
     *     year after the one in which {@code afterMillis} + 1 s lies
     */
    long next(long afterMillis, long anchorMillis);

    /** True when {@code atMillis} (epoch milliseconds) is a fire of this schedule; never for a time that is not a whole second. */
    boolean firesAt(long atMillis, long anchorMillis);

    /**
     * Reads an expression: six fields, a descriptor such as {@code @daily}, or {@code @every <duration>}, with or without a prefix
     * {@code TZ=<zone>}. Takes time linear in the length of the text, which is not limited here.
     *
     * @param zone applies when the text names none, and is what {@code TZ=Local} means
     * @throws CronException says what was expected and found, and where
     */
    static Schedule parse(String text, ZoneId zone) throws CronException {
        return new CronParser(text, zone).parse();
    }
}
