package io.natsjob.trigger;

import io.natsjob.cron.Schedule;
import io.natsjob.job.Timing;

/**
 * Finds the newest fires of a job in a stretch of time that has passed, over the same schedule that would have fired them. Searches
 * back from the end in windows that double while they are not too full, so that a long outage of a job that fires every second costs
 * no more than a short one (docs/rules.md 34). Fires before a job's anchor (created, enabled, rescheduled) are none, so a time at
 * which it was disabled is never found. Reuses its memory: for one thread.
 */
final class MissedFires {
    /** Fires found per job; more are counted as "at least" that many (docs/rules.md 34). */
    static final int MAX_WALKED = 1_000;
    private static final long FIRST_WINDOW_MILLIS = 64_000;

    /** Filled from its end. */
    private final long[] newest = new long[MAX_WALKED];
    private final long[] window = new long[MAX_WALKED];
    private int found;

    /**
     * How many fires lie in (after, upTo], at most {@value #MAX_WALKED}.
     *
     * @param after epoch milliseconds
     * @param upTo  epoch milliseconds
     */
    int search(Timing timing, Schedule schedule, long after, long upTo) {
        found = 0;
        long first = after < upTo ? timing.next(schedule, after) : Schedule.NEVER;
        if (first > upTo) {
            return 0;
        }
        long end = upTo;
        long width = FIRST_WINDOW_MILLIS;
        while (end >= first && found < MAX_WALKED) {
            long from = Math.max(first - 1, end - width);
            int inside = walk(timing, schedule, from, end);
            if (inside > MAX_WALKED - found) {
                // The newest of them are asked for, and they lie at its end. A window of a second is never too full.
                width /= 2;
            } else {
                found += inside;
                System.arraycopy(window, 0, newest, MAX_WALKED - found, inside);
                end = from;
                width = Math.min(2 * width, upTo - first + 1_000);
            }
        }
        return found;
    }

    /** The {@code n}th newest that the last search found, from 0; epoch milliseconds. */
    long newest(int n) {
        return newest[MAX_WALKED - 1 - n];
    }

    /** Keeps the fires in (from, end] in {@link #window}; one more than there is room for means that there are too many. */
    private int walk(Timing timing, Schedule schedule, long from, long end) {
        int inside = 0;
        int room = MAX_WALKED - found;
        for (long at = timing.next(schedule, from); at <= end; at = timing.next(schedule, at)) {
            if (inside == room) {
                return room + 1;
            }
            window[inside++] = at;
        }
        return inside;
    }
}
