package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.ManualClock;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** docs/rules.md 35. */
class RunIdsTest {
    private static final long START = 1_772_359_200_000L;
    private final ManualClock clock = new ManualClock(START);
    private final SteadyTime time = new SteadyTime(clock);

    @Test
    void an_id_is_the_time_in_ms_times_2_to_the_20_or_one_more_than_the_last() {
        RunIds ids = new RunIds(time, 0);
        assertEquals(START << 20, ids.next());
        assertEquals((START << 20) + 1, ids.next());
        clock.tick(Duration.ofMillis(1));
        assertEquals((START + 1) << 20, ids.next());
        assertEquals((START + 1) << 20, RunIds.floor(START + 1));
    }

    @Test
    void ids_go_on_behind_the_greatest_known_though_the_clock_went_back() {
        long last = (START + 86_400_000) << 20;
        RunIds ids = new RunIds(time, last);
        assertEquals(last + 1, ids.next());
        clock.setWall(START - 3_600_000);
        time.follow();
        assertEquals(last + 2, ids.next());
    }

    @Test
    void a_block_is_of_ids_that_follow_each_other_and_the_next_begins_behind_it() {
        RunIds ids = new RunIds(time, 0);
        assertEquals(START << 20, ids.block(1_001));
        assertEquals((START << 20) + 1_001, ids.next());
        assertEquals((START << 20) + 1_002, ids.block(2));
        assertEquals((START << 20) + 1_004, ids.next());
        assertThrows(IllegalArgumentException.class, () -> ids.block(0));
    }

    @Test
    void many_threads_never_get_the_same() {
        RunIds ids = new RunIds(time, 0);
        Set<Long> seen = ConcurrentHashMap.newKeySet();
        assertTrue(IntStream.range(0, 100_000).parallel().allMatch(i -> seen.add(ids.next())));
    }
}
