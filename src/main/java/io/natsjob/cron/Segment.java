package io.natsjob.cron;

import java.time.Instant;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * A stretch of time in which a zone's offset is constant, so that local time = instant + offset. All in seconds.
 *
 * @param from epoch second, inclusive; not necessarily the earliest with this offset
 * @param until epoch second, exclusive; {@link #FOREVER} when the offset changes no more
 */
record Segment(long from, long until, long offset) {
    /** Beyond every second that epoch milliseconds can name, and far from overflow. */
    static final long FOREVER = 1L << 60;

    static Segment at(ZoneRules rules, long epochSecond) {
        Instant instant = Instant.ofEpochSecond(epochSecond);
        return new Segment(epochSecond, end(rules, instant), rules.getOffset(instant).getTotalSeconds());
    }

    boolean contains(long epochSecond) {
        return epochSecond >= from && epochSecond < until;
    }

    private static long end(ZoneRules rules, Instant instant) {
        ZoneOffsetTransition change = rules.nextTransition(instant);
        return change == null ? FOREVER : change.toEpochSecond();
    }
}
