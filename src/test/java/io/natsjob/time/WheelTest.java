package io.natsjob.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WheelTest {
    private static final long NOW = 1_772_359_200L;

    private static List<Integer> drain(Wheel wheel, long second) {
        List<Integer> due = new ArrayList<>();
        wheel.drain(second, due::add);
        return due;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void hands_out_what_a_sorted_map_would(long seed) {
        Random random = new Random(seed);
        Wheel wheel = new Wheel();
        TreeMap<Long, Set<Integer>> witness = new TreeMap<>();
        Map<Integer, Long> armed = new HashMap<>();
        for (long second = NOW; second < NOW + 12_000; second += random.nextInt(20) == 0 ? 1 + random.nextInt(6_000) : 1) {
            for (int i = 0; i < 3; i++) {
                int index = random.nextInt(2_000);
                Long was = armed.remove(index);
                if (was != null) {
                    witness.get(was).remove(index);
                }
                wheel.remove(index);
                if (random.nextInt(4) > 0) {
                    long at = second + random.nextInt(random.nextBoolean() ? 10 : 9_000);
                    wheel.put(index, at);
                    armed.put(index, at);
                    witness.computeIfAbsent(at, each -> new TreeSet<>()).add(index);
                }
                assertEquals(armed.getOrDefault(index, 0L), wheel.second(index));
            }
            Set<Integer> expected = new TreeSet<>();
            Map<Long, Set<Integer>> due = witness.headMap(second, true);
            due.values().forEach(expected::addAll);
            due.clear();
            armed.keySet().removeAll(expected);
            List<Integer> found = drain(wheel, second);
            assertEquals(expected, new TreeSet<>(found));
            assertEquals(expected.size(), found.size(), "each once");
        }
    }

    @Test
    void an_entry_that_passed_before_the_first_drain_comes_with_it() {
        Wheel wheel = new Wheel();
        wheel.put(1, NOW - 5);
        wheel.put(2, NOW - 100_000);
        wheel.put(3, NOW + 1);
        assertEquals(Set.of(1, 2), Set.copyOf(drain(wheel, NOW)));
    }

    @Test
    void an_entry_for_a_second_that_was_drained_comes_with_the_next() {
        Wheel wheel = new Wheel();
        drain(wheel, NOW);
        wheel.put(1, NOW);
        wheel.put(2, NOW - 3_600);
        assertEquals(Set.of(1, 2), Set.copyOf(drain(wheel, NOW + 1)));
    }

    @Test
    void an_entry_can_be_put_back_while_it_is_handed_out() {
        Wheel wheel = new Wheel();
        wheel.put(1, NOW);
        wheel.put(2, NOW);
        wheel.drain(NOW, index -> wheel.put(index, NOW + 4_096));
        assertEquals(List.of(), drain(wheel, NOW + 4_095));
        assertEquals(2, drain(wheel, NOW + 4_096).size());
    }

    @Test
    void a_second_of_0_is_refused() {
        Wheel wheel = new Wheel();
        assertThrows(IllegalArgumentException.class, () -> wheel.put(1, 0));
        wheel.remove(99);
        assertEquals(0, wheel.second(99));
    }
}
