package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class RetryTest {
    /** Fails so often before it succeeds. */
    private static final class Failing implements Transactions {
        private final StoreException failure;
        private int left;
        private int begun;

        Failing(int times, StoreException failure) {
            this.left = times;
            this.failure = failure;
        }

        @Override
        public <T> T transaction(boolean durable, Function<Sql, T> work) {
            begun++;
            if (left-- > 0) {
                throw failure;
            }
            return work.apply(null);
        }
    }

    private static String run(Failing failing) {
        return new Retry(failing, new Random(1)).transaction(false, sql -> "done");
    }

    @Test
    void what_lost_a_race_is_run_again_at_most_5_times() {
        StoreException lost = StoreException.lostRace("lost", null);
        Failing five = new Failing(5, lost);
        assertEquals("done", run(five));
        assertEquals(6, five.begun);
        Failing six = new Failing(6, lost);
        assertSame(lost, assertThrows(StoreException.class, () -> run(six)));
        assertEquals(6, six.begun);
    }

    @Test
    void nothing_else_is_run_again() {
        for (StoreException.Kind kind : StoreException.Kind.values()) {
            Failing failing = new Failing(1, new StoreException(kind, "no"));
            assertThrows(StoreException.class, () -> run(failing));
            assertEquals(1, failing.begun);
        }
    }
}
