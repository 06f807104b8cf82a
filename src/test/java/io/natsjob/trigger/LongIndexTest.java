package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongIndexTest {
    /** Few keys collide and come back often, many make it grow. */
    @ParameterizedTest
    @ValueSource(longs = {3, 100, 1_500, 40_000, Long.MAX_VALUE})
    void answers_as_a_hash_map_through_random_additions_and_removals(long keys) {
        Random random = new Random(keys);
        LongIndex index = new LongIndex();
        Map<Long, Integer> witness = new HashMap<>();
        List<Long> seen = new ArrayList<>();
        for (int i = 0; i < 60_000; i++) {
            long key = seen.isEmpty() || keys < Long.MAX_VALUE || random.nextBoolean() ? random.nextLong(1, keys) : seen.get(random.nextInt(seen.size()));
            seen.add(key);
            assertEquals(witness.getOrDefault(key, LongIndex.ABSENT), index.get(key));
            if (witness.remove(key) != null) {
                index.remove(key);
            } else {
                witness.put(key, i);
                index.add(key, i);
            }
        }
        witness.forEach((key, value) -> assertEquals(value, index.get(key)));
        seen.forEach(key -> assertEquals(witness.getOrDefault(key, LongIndex.ABSENT), index.get(key)));
    }
}
