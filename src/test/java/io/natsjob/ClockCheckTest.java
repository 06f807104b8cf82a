package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.ClockCheck.Skew;
import io.natsjob.store.Database;
import io.natsjob.store.Outage;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClockCheckTest {
    private final ManualClock clock = new ManualClock(5_000);
    private final ClockOnly database = new ClockOnly();
    private final ClockCheck check = new ClockCheck(database, clock);

    private Optional<Skew> turn(long ahead) {
        database.ahead = OptionalLong.of(ahead);
        assertEquals(Duration.ofMinutes(1).toNanos(), check.turn());
        return check.skew();
    }

    @Test
    void over_a_second_either_way_is_told_since_it_was_found_until_the_clocks_agree() {
        assertEquals(Optional.empty(), turn(1_000));
        assertEquals(Optional.empty(), turn(-1_000));
        assertEquals(Optional.of(new Skew(1_001, 5_000)), turn(1_001));
        clock.tick(Duration.ofMinutes(1));
        assertEquals(Optional.of(new Skew(-7_000, 5_000)), turn(-7_000));
        assertEquals(Optional.empty(), turn(3));
        assertEquals(Optional.of(new Skew(2_000, 65_000)), turn(2_000));
    }

    @Test
    void a_database_that_cannot_be_asked_changes_nothing() {
        turn(2_000);
        database.away = true;
        assertEquals(Optional.of(new Skew(2_000, 5_000)), turn(0));
    }

    @Test
    void a_database_without_a_clock_is_not_asked_again_and_again() {
        database.ahead = OptionalLong.empty();
        assertTrue(check.turn() >= Duration.ofDays(1).toNanos());
        assertEquals(Optional.empty(), check.skew());
    }

    /** A database of which nothing but its clock is there. */
    private static final class ClockOnly implements Database {
        private OptionalLong ahead = OptionalLong.empty();
        private boolean away;

        @Override
        public OptionalLong clockAhead() {
            if (away) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "away for a test");
            }
            return ahead;
        }

        @Override
        public <T> T read(Function<Sql, T> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T write(Priority priority, Function<Sql, T> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> T writeDurably(Priority priority, Function<Sql, T> work) {
            throw new UnsupportedOperationException();
        }

        @Override
        public int parallelBatches() {
            return 1;
        }

        @Override
        public int batchRows() {
            return 1;
        }

        @Override
        public void claimDueAt(long millis) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Outage outage() {
            return null;
        }

        @Override
        public String describe() {
            return "a clock";
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    }
}
