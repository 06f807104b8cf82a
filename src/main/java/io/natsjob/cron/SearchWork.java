package io.natsjob.cron;

/** Counts what one search looked at, so that a test can bound it without a stopwatch. For one thread. */
final class SearchWork {
    /** Stretches of constant offset. */
    int segments;
    /** Months of which the day set was built. */
    int months;
}
