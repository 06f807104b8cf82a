package io.natsjob.cron;

import java.util.List;

/** The six fields of an expression in their order, with their bounds and names. */
enum Field {
    SECOND("second", 0, 59, List.of()),
    MINUTE("minute", 0, 59, List.of()),
    HOUR("hour", 0, 23, List.of()),
    DAY_OF_MONTH("day-of-month", 1, 31, List.of()),
    MONTH("month", 1, 12,
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    DAY_OF_WEEK("day-of-week", 0, 6, List.of("sun", "mon", "tue", "wed", "thu", "fri", "sat"));

    final String label;
    final int min;
    final int max;
    /** In lower case; the first one stands for {@link #min}. Empty for a field without names. */
    final List<String> names;

    Field(String label, int min, int max, List<String> names) {
        this.label = label;
        this.min = min;
        this.max = max;
        this.names = names;
    }

    /** The allowed values, for messages. */
    String allowed() {
        return switch (this) {
            case MONTH -> "month 1-12 or JAN-DEC";
            case DAY_OF_WEEK -> "day-of-week 0-6 (0 is Sunday) or SUN-SAT";
            default -> label + " " + min + "-" + max;
        };
    }
}
