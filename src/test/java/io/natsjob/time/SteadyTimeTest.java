package io.natsjob.time;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SteadyTimeTest {
    private static final long START = 1_772_359_200_000L;
    private final ManualClock clock = new ManualClock(START);
    private final SteadyTime time = new SteadyTime(clock);

    @Test
    void runs_on_monotonic_time() {
        clock.tick(Duration.ofMillis(1_500));
        assertEquals(START + 1_500, time.millis());
        assertEquals(Duration.ofMillis(-500).toNanos(), time.nanosUntil(START + 1_000));
        clock.setWall(START + 90_000);
        assertEquals(START + 1_500, time.millis(), "until it follows");
    }

    @Test
    void a_jump_over_2_s_is_followed_at_once_and_told() {
        clock.setWall(START + 2_001);
        assertEquals(2_001, time.follow());
        assertEquals(START + 2_001, time.millis());
        clock.setWall(START - 60_000);
        assertEquals(-62_001, time.follow());
        assertEquals(0, time.follow());
        assertEquals(Duration.ofSeconds(60).toNanos(), time.nanosUntil(START));
    }

    @Test
    void a_smaller_difference_is_pulled_in_by_50_ms_a_call() {
        clock.setWall(START + 120);
        assertEquals(0, time.follow());
        assertEquals(START + 50, time.millis());
        time.follow();
        time.follow();
        assertEquals(START + 120, time.millis());
        clock.setWall(START + 119);
        time.follow();
        assertEquals(START + 120, time.millis(), "1 ms is noise");
        clock.setWall(START - 1_880);
        assertEquals(0, time.follow());
        assertEquals(START + 70, time.millis());
    }
}
