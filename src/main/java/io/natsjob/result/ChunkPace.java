package io.natsjob.result;

/**
 * How many rows one transaction may delete so that it takes about 8 ms, commit included, by the moving average of the last ones: on a slow
 * or busy disk fewer. One that was slow by chance changes little, so that retention keeps up on a busy machine too. Used by one thread.
 */
final class ChunkPace {
    static final long TARGET_NANOS = 8_000_000;
    static final int MOST_ROWS = 500;
    /** Below this a chunk is mostly its commit, which fewer rows would not make shorter. */
    static final int FEWEST_ROWS = 50;
    /** A guess until the first chunk was measured. */
    private static final double FIRST_NANOS_PER_ROW = (double) TARGET_NANOS / FEWEST_ROWS;
    private static final double WEIGHT_OF_NEWEST = 0.125;

    private double nanosPerRow = FIRST_NANOS_PER_ROW;

    /** Of the next chunk: {@value #FEWEST_ROWS} to {@value #MOST_ROWS}. */
    int rows() {
        return (int) Math.clamp(TARGET_NANOS / nanosPerRow, FEWEST_ROWS, MOST_ROWS);
    }

    /** A chunk took so long; one of fewer rows than the fewest says nothing of the cost of a row. */
    void took(long nanos, int deleted) {
        if (deleted >= FEWEST_ROWS) {
            nanosPerRow += WEIGHT_OF_NEWEST * ((double) nanos / deleted - nanosPerRow);
        }
    }
}
