package io.natsjob.result;

/**
 * How many rows one transaction may delete so that it takes about {@value #TARGET_NANOS} ns, commit included: on a slow or busy
 * disk fewer. Used by one thread.
 */
final class ChunkPace {
    static final long TARGET_NANOS = 8_000_000;
    static final int MOST_ROWS = 500;
    /** Below this a chunk is mostly its commit. */
    static final int FEWEST_ROWS = 10;
    /** A guess until the first chunk was measured. */
    static final int FIRST_ROWS = 50;
    private static final int GROWTH_SHARE = 8;

    private int rows = FIRST_ROWS;

    int rows() {
        return rows;
    }

    /** A chunk of {@code deleted} rows took so long: over the target the next is smaller by as much, else a full one lets it grow by an eighth. */
    void took(long nanos, int deleted) {
        if (nanos > TARGET_NANOS) {
            rows = (int) Math.max(FEWEST_ROWS, Math.min(rows, Math.max(deleted, FEWEST_ROWS)) * (double) TARGET_NANOS / nanos);
        } else if (deleted >= rows) {
            rows = Math.min(MOST_ROWS, rows + Math.max(1, rows / GROWTH_SHARE));
        }
    }
}
