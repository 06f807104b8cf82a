package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class BatchPaceTest {
    private final SettableClock clock = new SettableClock(1_000_000);
    private final BatchPace pace = new BatchPace(clock);

    private void eachRowTakes(long nanos) {
        for (int i = 0; i < 200; i++) {
            pace.took(100 * nanos, 100);
        }
    }

    @Test
    void batches_are_full_while_no_claim_is_near() {
        eachRowTakes(1_000_000);
        assertEquals(500, pace.rows());
        pace.claimDueAt(1_000_101);
        assertEquals(500, pace.rows());
    }

    @Test
    void a_batch_takes_20_ms_once_a_claim_is_due_within_100_ms() {
        eachRowTakes(1_000_000);
        pace.claimDueAt(1_000_100);
        assertEquals(20, pace.rows());
        clock.set(1_000_500);
        assertEquals(20, pace.rows(), "an overdue claim is due too");
        pace.claimDueAt(Long.MAX_VALUE);
        assertEquals(500, pace.rows());
    }

    @Test
    void a_batch_has_at_least_one_row_and_at_most_500() {
        pace.claimDueAt(0);
        eachRowTakes(1_000_000_000);
        assertEquals(1, pace.rows());
        eachRowTakes(1);
        assertEquals(500, pace.rows());
    }

    @Test
    void small_batches_say_nothing_of_the_cost_of_a_row() {
        pace.claimDueAt(0);
        int before = pace.rows();
        pace.took(1_000_000_000, 1);
        assertEquals(before, pace.rows());
    }
}
