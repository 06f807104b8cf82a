package io.natsjob.cron;

import java.time.ZoneId;
import java.time.zone.ZoneRules;

/**
 * Six fields in a zone: fires at every instant whose local time matches. So a local time that a clock change removes does not fire,
 * and one that it repeats fires twice (docs/cron.md). The search goes from one change of offset to the next and computes within,
 * never stepping by seconds or days.
 */
public final class CalendarSchedule implements Schedule {
    /** The search ends with the fifth local year after the present one. */
    private static final int YEARS_AHEAD = 5;
    private static final long SECONDS_PER_DAY = 86_400;
    /** ZoneOffset allows no more: after this many seconds beyond a local time it is past in every zone. */
    private static final long OFFSET_MAX_SECONDS = 18 * 3600;
    private static final long LAST_SECOND = Long.MAX_VALUE / 1000;

    private final CalendarFields fields;
    private final ZoneId zone;
    private final ZoneRules rules;
    /**
     * The stretch that was asked for last: questions follow the present time, so it nearly always serves again. Plain on purpose: a
     * Segment is immutable, so whichever one another thread sees is right or is recognised as not covering the time.
     */
    private Segment recent;

    CalendarSchedule(CalendarFields fields, ZoneId zone) {
        this.fields = fields;
        this.zone = zone;
        this.rules = zone.getRules();
        this.recent = null;
    }

    /** The zone in which the fields are read: the one of the text's prefix if it has one. */
    public ZoneId zone() {
        return zone;
    }

    @Override
    public long next(long afterMillis, long anchorMillis) {
        return next(afterMillis, (SearchWork) null);
    }

    /** As {@link #next(long, long)}, counting in {@code work} unless it is null. */
    long next(long afterMillis, SearchWork work) {
        if (fields.empty()) {
            return NEVER;
        }
        long second = search(Math.floorDiv(afterMillis, 1000) + 1, work);
        return second > LAST_SECOND ? NEVER : second * 1000;
    }

    @Override
    public boolean firesAt(long atMillis, long anchorMillis) {
        if (atMillis % 1000 != 0) {
            return false;
        }
        long second = atMillis / 1000;
        return fields.matches(second + segmentAt(second).offset());
    }

    /** The first matching epoch second at or after {@code first}, or {@link CalendarFields#NONE}. */
    private long search(long first, SearchWork work) {
        Segment segment = segmentAt(first);
        long localLimit = localLimit(first + segment.offset());
        long from = first;
        while (true) {
            if (work != null) {
                work.segments++;
            }
            long offset = segment.offset();
            long local = fields.firstMatch(from + offset, Math.min(segment.until() + offset, localLimit), work);
            if (local != CalendarFields.NONE) {
                return local - offset;
            }
            // not simply "past the limit by this offset": a change may set the clock back into the last year
            if (segment.until() >= localLimit + OFFSET_MAX_SECONDS) {
                return CalendarFields.NONE;
            }
            from = segment.until();
            segment = Segment.at(rules, from);
        }
    }

    /** The local second at which the first year that is not searched begins. */
    private static long localLimit(long local) {
        long year = CivilDate.year(CivilDate.ofEpochDay(Math.floorDiv(local, SECONDS_PER_DAY)));
        return CivilDate.firstOfMonth(year + YEARS_AHEAD + 1, 1) * SECONDS_PER_DAY;
    }

    private Segment segmentAt(long second) {
        Segment segment = recent;
        if (segment == null || !segment.contains(second)) {
            segment = Segment.at(rules, second);
            recent = segment;
        }
        return segment;
    }

    /** Equal fields and zone; the spelling of the text does not count. */
    @Override
    public boolean equals(Object other) {
        return other instanceof CalendarSchedule that && fields.equals(that.fields) && zone.equals(that.zone);
    }

    @Override
    public int hashCode() {
        return 31 * fields.hashCode() + zone.hashCode();
    }

    @Override
    public String toString() {
        return "CalendarSchedule[" + fields + ", " + zone + "]";
    }
}
