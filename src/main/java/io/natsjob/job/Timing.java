package io.natsjob.job;

import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.cron.Zones;
import java.time.ZoneId;

/**
 * When a job fires.
 *
 * @param schedule   the cron text
 * @param zone       IANA name, or null for the server's zone
 * @param anchor     epoch milliseconds from which {@code @every} counts: created, enabled, schedule changed, or imported;
 *                   also the moment before which the job has no fires
 * @param startAt    epoch milliseconds of the first moment at which it may fire, or null
 * @param endAt      epoch milliseconds of the last moment at which it may fire, or null
 * @param misfireMax for {@link Misfire#FIRE_ALL}
 */
public record Timing(String schedule, String zone, long anchor, Long startAt, Long endAt, Misfire misfire, int misfireMax) {
    public static final int MAX_SCHEDULE_LENGTH = 256;
    public static final int MAX_MISFIRE_MAX = 1_000;
    public static final int DEFAULT_MISFIRE_MAX = 10;

    /** The parsed schedule. A stored text was accepted once, so a failure means other zone data or a foreign row. */
    public Schedule parse(ZoneId serverZone) throws CronException {
        return Schedule.parse(schedule, zone == null ? serverZone : Zones.of(zone, serverZone));
    }

    /** Whether a fire at {@code millis} lies inside the window. */
    public boolean inWindow(long millis) {
        return (startAt == null || millis >= startAt) && (endAt == null || millis <= endAt);
    }

    /**
     * The first fire later than {@code after} inside the window and not before the anchor, or {@link Schedule#NEVER}.
     */
    public long next(Schedule parsed, long after) {
        long from = Math.max(after, anchor);
        if (startAt != null) {
            from = Math.max(from, startAt - 1);
        }
        long next = parsed.next(from, anchor);
        return endAt != null && next > endAt ? Schedule.NEVER : next;
    }
}
