package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ChunkPaceTest {
    private final ChunkPace pace = new ChunkPace();

    private void chunks(int count, long nanosPerRow) {
        for (int i = 0; i < count; i++) {
            pace.took(pace.rows() * nanosPerRow, pace.rows());
        }
    }

    @Test
    void a_chunk_grows_to_500_rows_while_they_are_cheap() {
        assertEquals(ChunkPace.FIRST_ROWS, pace.rows());
        chunks(100, 1_000);
        assertEquals(500, pace.rows());
    }

    @Test
    void a_chunk_shrinks_at_once_to_what_fits_into_the_time() {
        chunks(100, 1_000);
        pace.took(4 * ChunkPace.TARGET_NANOS, 500);
        assertEquals(125, pace.rows());
        chunks(100, 100_000);
        assertEquals(80, pace.rows(), 10);
    }

    @Test
    void a_chunk_has_at_least_10_rows_however_slow_the_disk() {
        chunks(5, 1_000_000_000);
        assertEquals(10, pace.rows());
        pace.took(Long.MAX_VALUE, 0);
        assertEquals(10, pace.rows());
    }

    @Test
    void chunks_that_find_little_to_delete_do_not_grow() {
        pace.took(1, 3);
        assertEquals(ChunkPace.FIRST_ROWS, pace.rows());
    }
}
