package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class ChunkPaceTest {
    private final ChunkPace pace = new ChunkPace();

    private void chunks(int count, long nanosPerRow) {
        for (int i = 0; i < count; i++) {
            pace.took(pace.rows() * nanosPerRow, pace.rows());
        }
    }

    @Test
    void a_chunk_begins_small_and_grows_to_500_rows_while_they_are_cheap() {
        assertEquals(50, pace.rows());
        chunks(100, 1_000);
        assertEquals(500, pace.rows());
    }

    @Test
    void a_chunk_has_as_many_rows_as_take_8_ms() {
        chunks(100, 40_000);
        assertEquals(200, pace.rows(), 1);
        chunks(100, 100_000);
        assertEquals(80, pace.rows(), 1);
    }

    @Test
    void one_slow_chunk_changes_little_and_many_do() {
        chunks(100, 10_000);
        pace.took(40_000_000, 500);
        assertTrue(pace.rows() > 400, "" + pace.rows());
        chunks(3, 80_000);
        assertTrue(pace.rows() < 350, "" + pace.rows());
    }

    @Test
    void a_chunk_has_at_least_50_rows_however_slow_the_disk() {
        chunks(50, 1_000_000_000);
        assertEquals(50, pace.rows());
    }

    @Test
    void chunks_that_find_little_to_delete_say_nothing() {
        chunks(100, 40_000);
        int before = pace.rows();
        pace.took(100_000_000, 3);
        pace.took(1, 0);
        assertEquals(before, pace.rows());
    }
}
