package io.natsjob.cron;

/**
 * Proleptic Gregorian dates as plain numbers. java.time does the same, but makes objects; this stands in the path of every fire. A
 * date is packed in one long: year, month (4 bits), day of month (5 bits). Years far beyond what epoch milliseconds hold are fine.
 */
final class CivilDate {
    private static final long DAYS_PER_400_YEARS = 146_097;
    /** From 0000-03-01 to 1970-01-01: years that begin in March have the leap day at their end. */
    private static final long EPOCH_FROM_MARCH_0 = 719_468;

    private CivilDate() {
    }

    static long ofEpochDay(long epochDay) {
        long days = epochDay + EPOCH_FROM_MARCH_0;
        long era = Math.floorDiv(days, DAYS_PER_400_YEARS);
        int dayOfEra = (int) (days - era * DAYS_PER_400_YEARS);
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int monthFromMarch = (5 * dayOfYear + 2) / 153;
        int day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1;
        int month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
        long year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
        return year << 9 | month << 5 | day;
    }

    static long year(long date) {
        return date >> 9;
    }

    static int month(long date) {
        return (int) (date >> 5) & 15;
    }

    static int dayOfMonth(long date) {
        return (int) date & 31;
    }

    /** Epoch day of the first day of a month. */
    static long firstOfMonth(long year, int month) {
        long marchYear = month <= 2 ? year - 1 : year;
        long era = Math.floorDiv(marchYear, 400);
        int yearOfEra = (int) (marchYear - era * 400);
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * DAYS_PER_400_YEARS + dayOfEra - EPOCH_FROM_MARCH_0;
    }

    static int lengthOfMonth(long year, int month) {
        if (month == 2) {
            boolean leap = (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
            return leap ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** 0 is Sunday. */
    static int dayOfWeek(long epochDay) {
        return (int) Math.floorMod(epochDay + 4, 7L);
    }
}
