package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** docs/rules.md 14. */
class DatabaseAbsenceTest {
    @Test
    void an_absence_counts_from_its_first_sight_and_ends_at_once() {
        ManualClock clock = new ManualClock(1_772_359_200_000L);
        DatabaseAbsence absence = new DatabaseAbsence(clock);
        absence.saw(true);
        clock.tick(Duration.ofSeconds(60));
        assertEquals(0, absence.millis());
        absence.saw(false);
        clock.tick(Duration.ofSeconds(6));
        absence.saw(false);
        clock.tick(Duration.ofSeconds(4));
        assertEquals(DatabaseAbsence.LIMIT_MILLIS, absence.millis());
        absence.saw(true);
        assertEquals(0, absence.millis());
        absence.saw(false);
        assertEquals(0, absence.millis());
    }
}
