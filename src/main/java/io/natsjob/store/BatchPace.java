package io.natsjob.store;

import io.natsjob.time.Clock;

/**
 * How many rows a result batch may take so that a claim need not wait long for it (docs/rules.md 32). Fed by the writer's
 * thread, asked by any.
 */
final class BatchPace {
    static final long CLAIM_NEAR_MILLIS = 100;
    static final long BATCH_NANOS = 20_000_000;
    /** A guess until the first batch was measured. */
    private static final double FIRST_NANOS_PER_ROW = 50_000;
    private static final double WEIGHT_OF_NEWEST = 0.125;
    /** Below this a batch's time is mostly its commit, which would be taken for the cost of a row. */
    private static final int FEWEST_ROWS_MEASURED = 20;

    private final Clock clock;
    private volatile double nanosPerRow = FIRST_NANOS_PER_ROW;
    private volatile long claimDueAt = Long.MAX_VALUE;

    BatchPace(Clock clock) {
        this.clock = clock;
    }

    void claimDueAt(long millis) {
        claimDueAt = millis;
    }

    void took(long nanos, int rows) {
        if (rows >= FEWEST_ROWS_MEASURED) {
            nanosPerRow += WEIGHT_OF_NEWEST * ((double) nanos / rows - nanosPerRow);
        }
    }

    int rows() {
        long due = claimDueAt;
        if (due > clock.millis() + CLAIM_NEAR_MILLIS) {
            return Database.MAX_BATCH_ROWS;
        }
        return (int) Math.clamp(BATCH_NANOS / nanosPerRow, 1, Database.MAX_BATCH_ROWS);
    }
}
