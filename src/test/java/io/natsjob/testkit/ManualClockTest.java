package io.natsjob.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ManualClockTest {
    @Test
    void both_clocks_move_by_a_tick_and_only_the_wall_jumps() {
        ManualClock clock = ManualClock.at("2026-03-01T00:00:00Z");
        long start = clock.millis();
        clock.tick(Duration.ofSeconds(2));
        clock.setWall(start - 60_000);
        assertEquals(start - 60_000, clock.millis());
        assertEquals(2_000_000_000L, clock.nanos());
        assertThrows(IllegalArgumentException.class, () -> clock.tick(Duration.ofMillis(-1)));
    }
}
