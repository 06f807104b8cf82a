package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.result.ReadPosition.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadPositionTest {
    private final ReadPosition position = new ReadPosition();

    @BeforeEach
    void begin() {
        position.restart(1_000);
        position.ours("app");
    }

    @Test
    void the_mark_never_passes_an_answer_that_is_not_committed() {
        Place first = position.read(3);
        Place second = position.read(7);
        Place third = position.read(9);
        position.done(second, "app");
        position.done(third, "app");
        assertEquals(2, position.committed().revision());
        position.done(first, "app");
        assertEquals(9, position.committed().revision());
        assertEquals(9, position.position());
    }

    @Test
    void another_bucket_forgets_everything_and_late_commits_of_the_former_change_nothing() {
        Place old = position.read(5);
        position.restart(2_000);
        position.read(5);
        position.done(old, "app");
        assertEquals(4, position.committed().revision(), "answer 5 of the new bucket is not committed");
        assertEquals(Set.of(), unpurged());
        assertEquals(2_000, position.created());
    }

    @Test
    void a_bucket_that_lost_its_newest_entries_counts_as_another_one() {
        Place old = position.read(50);
        position.restart(1_000);
        Place again = position.read(41);
        position.done(old, "app");
        position.purged("app", old);
        assertEquals(40, position.committed().revision());
        position.done(again, "app");
        assertEquals(Set.of("app"), unpurged());
        position.purged("app", new Place(old.incarnation(), 99));
        assertEquals(Set.of("app"), unpurged());
    }

    @Test
    void only_namespaces_in_which_a_run_of_ours_was_answered_may_be_purged() {
        position.done(position.read(1), "strange");
        assertEquals(Set.of(), unpurged());
        position.done(position.read(2), "app");
        assertEquals(Set.of("app"), unpurged());
    }

    @Test
    void a_namespace_stays_until_its_last_answer_is_purged() {
        position.done(position.read(1), "app");
        position.read(2);
        position.done(position.read(3), "app");
        position.purged("app", new Place(1, 1));
        assertEquals(Set.of("app"), unpurged(), "answer 3 is still there");
        position.purged("app", new Place(1, 3));
        assertEquals(Set.of(), unpurged());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void the_mark_is_always_one_before_the_first_open_answer(long seed) {
        Random random = new Random(seed);
        TreeMap<Long, Place> open = new TreeMap<>();
        long revision = 0;
        for (int step = 0; step < 5_000; step++) {
            if (random.nextBoolean() || open.isEmpty()) {
                revision += 1 + random.nextInt(3);
                open.put(revision, position.read(revision));
            } else {
                List<Place> places = new ArrayList<>(open.values());
                Place place = places.get(random.nextInt(places.size()));
                position.done(place);
                open.remove(place.revision());
            }
            assertEquals(open.isEmpty() ? revision : open.firstKey() - 1, position.committed().revision());
        }
    }

    @Test
    void an_entry_that_is_held_stays_with_all_behind_it_of_its_namespace_until_it_is_not_needed() {
        position.ours("other");
        AtomicBoolean needed = new AtomicBoolean(true);
        position.done(position.read(1), "app");
        Place preset = position.read(2);
        position.hold(preset, "app", "key", needed::get);
        position.done(preset, "app");
        position.done(position.read(3), "app");
        position.done(position.read(4), "other");
        Place all = position.committed();
        assertEquals(4, all.revision(), "a deadline does not wait for it");
        assertEquals(Map.of("app", 1L, "other", 4L), position.purgeable(all));
        position.purged("app", new Place(1, 1));
        position.purged("other", all);
        assertEquals(Map.of(), position.purgeable(all), "not asked for again while nothing has changed");
        needed.set(false);
        assertEquals(Map.of("app", 4L), position.purgeable(all));
    }

    @Test
    void an_answer_under_its_key_frees_what_was_held() {
        Place preset = position.read(2);
        position.hold(preset, "app", "key", () -> true);
        position.done(preset, "app");
        position.answered("key");
        position.done(position.read(3), "app");
        assertEquals(Map.of("app", 3L), position.purgeable(position.committed()));
    }

    private Set<String> unpurged() {
        return position.purgeable(new Place(position.incarnation(), 1_000)).keySet();
    }
}
