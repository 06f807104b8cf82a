package io.natsjob.cron;

/**
 * The six fields as bit sets, bit n for the value n, and the search on the plain local calendar, which knows no zone. Local times
 * are seconds since 1970-01-01T00:00 local.
 *
 * @param bothDays day-of-month and day-of-week must both match; else either is enough
 */
record CalendarFields(long seconds, long minutes, int hours, long days, int months, int weekdays, boolean bothDays) {
    /** No local time matches. */
    static final long NONE = Long.MAX_VALUE;

    private static final int SECONDS_PER_DAY = 86_400;
    /** Bits 0, 7, ... 35: a product with it repeats the seven weekdays over more days than a month has. */
    private static final long EACH_WEEK = 0x0810204081L;

    /** From the results of {@link FieldParser}, in the order of {@link Field}. */
    static CalendarFields of(long[] bits) {
        boolean star = ((bits[3] | bits[5]) & FieldParser.STAR) != 0;
        long values = ~FieldParser.STAR;
        return new CalendarFields(bits[0] & values, bits[1] & values, (int) (bits[2] & values), bits[3] & values,
                (int) (bits[4] & values), (int) (bits[5] & values), star);
    }

    /** A field is empty, so that nothing can ever match. */
    boolean empty() {
        boolean noDay = bothDays ? days == 0 || weekdays == 0 : days == 0 && weekdays == 0;
        return noDay || seconds == 0 || minutes == 0 || hours == 0 || months == 0;
    }

    boolean matches(long local) {
        long day = Math.floorDiv(local, SECONDS_PER_DAY);
        int second = (int) (local - day * SECONDS_PER_DAY);
        if ((seconds >> second % 60 & minutes >> second / 60 % 60 & hours >> second / 3600 & 1) == 0) {
            return false;
        }
        long date = CivilDate.ofEpochDay(day);
        boolean monthDay = (days >> CivilDate.dayOfMonth(date) & 1) != 0;
        boolean weekday = (weekdays >> CivilDate.dayOfWeek(day) & 1) != 0;
        return (months >> CivilDate.month(date) & 1) != 0 && (bothDays ? monthDay && weekday : monthDay || weekday);
    }

    /**
     * The first match at or after {@code from} and before {@code until}, or {@link #NONE}. The fields must not be {@link #empty}.
     *
     * @param work counts the months; null when nobody counts
     */
    long firstMatch(long from, long until, SearchWork work) {
        if (from >= until) {
            return NONE;
        }
        long today = Math.floorDiv(from, SECONDS_PER_DAY);
        long lastDay = Math.floorDiv(until - 1, SECONDS_PER_DAY);
        long day = dayFrom(today, lastDay, work);
        int second = day == today ? secondFrom((int) (from - today * SECONDS_PER_DAY)) : firstSecond();
        if (second < 0) {
            day = dayFrom(today + 1, lastDay, work);
            second = firstSecond();
        }
        if (day == NONE) {
            return NONE;
        }
        long local = day * SECONDS_PER_DAY + second;
        return local < until ? local : NONE;
    }

    /** The first matching epoch day from {@code day} to {@code lastDay}, both inclusive, or {@link #NONE}. */
    private long dayFrom(long day, long lastDay, SearchWork work) {
        long date = CivilDate.ofEpochDay(day);
        long year = CivilDate.year(date);
        int month = CivilDate.month(date);
        int dayOfMonth = CivilDate.dayOfMonth(date);
        long firstOfMonth = day - dayOfMonth + 1;
        while (firstOfMonth <= lastDay) {
            if (work != null) {
                work.months++;
            }
            long left = daysOf(year, month, firstOfMonth) & -1L << dayOfMonth;
            if (left != 0) {
                long found = firstOfMonth + Long.numberOfTrailingZeros(left) - 1;
                return found <= lastDay ? found : NONE;
            }
            int later = months & -1 << month + 1;
            year = later == 0 ? year + 1 : year;
            month = Integer.numberOfTrailingZeros(later == 0 ? months : later);
            dayOfMonth = 1;
            firstOfMonth = CivilDate.firstOfMonth(year, month);
        }
        return NONE;
    }

    /** The matching days of one month, bit n for the day n. */
    private long daysOf(long year, int month, long firstOfMonth) {
        if ((months >> month & 1) == 0) {
            return 0;
        }
        long byWeekday = weekdays * EACH_WEEK >>> CivilDate.dayOfWeek(firstOfMonth) << 1;
        long existing = (1L << CivilDate.lengthOfMonth(year, month) + 1) - 2;
        return (bothDays ? days & byWeekday : days | byWeekday) & existing;
    }

    /** The first matching second of the day at or after {@code second}, or -1. */
    private int secondFrom(int second) {
        int hour = second / 3600;
        int minute = second / 60 % 60;
        if ((hours >> hour & 1) != 0) {
            long secondsLeft = seconds & -1L << second % 60;
            if ((minutes >> minute & 1) != 0 && secondsLeft != 0) {
                return hour * 3600 + minute * 60 + Long.numberOfTrailingZeros(secondsLeft);
            }
            long minutesLeft = minutes & -1L << minute + 1;
            if (minutesLeft != 0) {
                return hour * 3600 + Long.numberOfTrailingZeros(minutesLeft) * 60 + Long.numberOfTrailingZeros(seconds);
            }
        }
        int hoursLeft = hours & -1 << hour + 1;
        return hoursLeft == 0 ? -1 : firstSecond() + (Integer.numberOfTrailingZeros(hoursLeft) - firstHour()) * 3600;
    }

    private int firstSecond() {
        return firstHour() * 3600 + Long.numberOfTrailingZeros(minutes) * 60 + Long.numberOfTrailingZeros(seconds);
    }

    private int firstHour() {
        return Integer.numberOfTrailingZeros(hours);
    }
}
