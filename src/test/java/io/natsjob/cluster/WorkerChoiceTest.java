package io.natsjob.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class WorkerChoiceTest {
    private static final long JOB = 42;
    private final WorkerChoice choice = new WorkerChoice(new Random(7));
    private final LiveWorkers live = new LiveWorkers();

    private List<Worker> now() {
        return live.workers.live("app", "biz");
    }

    private String round() {
        return choice.round(JOB, now()).orElseThrow().id();
    }

    private static Map<String, Integer> counted(int times, Supplier<Optional<Worker>> chooser) {
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < times; i++) {
            counts.merge(chooser.get().orElseThrow().id(), 1, Integer::sum);
        }
        return counts;
    }

    @Test
    void weight_0_is_never_chosen_by_any_condition() {
        assertNobody();
        live.beat("a", 0).beat("b", 0);
        assertNobody();
        live.beat("c", 1);
        assertEquals("c", choice.first(now()).orElseThrow().id());
        assertEquals(Map.of("c", 50), counted(50, () -> choice.random(now())));
        assertEquals(Map.of("c", 50), counted(50, () -> choice.round(JOB, now())));
        assertEquals(Map.of("c", 50), counted(50, () -> choice.maxWeight(JOB, now())));
    }

    private void assertNobody() {
        assertEquals(List.of(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()),
                List.of(choice.first(now()), choice.random(now()), choice.round(JOB, now()), choice.maxWeight(JOB, now())));
    }

    @Test
    void first_is_the_one_registered_first_until_it_goes() {
        live.beat("b", 1).beat("a", 100).beat("b", 1);
        assertEquals(Map.of("b", 5), counted(5, () -> choice.first(now())));
        live.gone("b").beat("b", 1);
        assertEquals("a", choice.first(now()).orElseThrow().id());
    }

    @Test
    void random_takes_each_about_as_often_whatever_its_weight() {
        live.beat("a", 1).beat("b", 100).beat("c", 1_000);
        Map<String, Integer> counts = counted(30_000, () -> choice.random(now()));
        counts.forEach((id, count) -> assertTrue(Math.abs(count - 10_000) < 400, counts.toString()));
    }

    @Test
    void round_gives_each_exactly_its_share() {
        live.beat("a", 1).beat("b", 100).beat("c", 7).beat("idle", 0);
        assertEquals(Map.of("a", 100, "b", 100, "c", 100), counted(300, () -> choice.round(JOB, now())));
        String last = round();
        Set<String> next = new HashSet<>(List.of(round(), round(), round()));
        assertEquals(3, next.size());
        assertTrue(next.contains(last));
    }

    @Test
    void jobs_take_turns_by_themselves_and_begin_at_different_workers() {
        live.beat("a", 1).beat("b", 1).beat("c", 1).beat("d", 1);
        Map<String, Integer> firsts = new HashMap<>();
        LongStream.range(0, 400).forEach(job -> firsts.merge(choice.round(job, now()).orElseThrow().id(), 1, Integer::sum));
        assertEquals(Map.of("a", 100, "b", 100, "c", 100, "d", 100), firsts);
        Map<String, Integer> all = counted(4, () -> choice.round(5, now()));
        assertEquals(Set.of(1), new HashSet<>(all.values()));
    }

    @Test
    void who_joins_or_leaves_in_the_middle_costs_nobody_a_turn() {
        live.beat("a", 1).beat("b", 1).beat("c", 1).beat("d", 1);
        int turns = 1;
        for (; !round().equals("a"); turns++) {
            assertTrue(turns < 4, "a never has its turn");
        }
        live.gone("b");
        assertEquals("c", round(), "b's turn goes to the next");
        live.gone("c").beat("e", 1);
        assertEquals(List.of("d", "e", "a", "d"), List.of(round(), round(), round(), round()), "the one who had the last turn left, the new one has its own");
        live.beat("d", 0);
        assertEquals(List.of("e", "a", "e"), List.of(round(), round(), round()));
    }

    @Test
    void the_heaviest_are_chosen_and_take_turns() {
        live.beat("a", 5).beat("b", 9).beat("c", 9).beat("idle", 0);
        assertEquals(Map.of("b", 10, "c", 10), counted(20, () -> choice.maxWeight(JOB, now())));
        live.beat("a", 10);
        assertEquals(Map.of("a", 5), counted(5, () -> choice.maxWeight(JOB, now())));
        live.gone("a").gone("b");
        assertEquals(Map.of("c", 5), counted(5, () -> choice.maxWeight(JOB, now())));
    }

    @Test
    void turns_of_a_limited_number_of_jobs_are_remembered() {
        live.beat("a", 1).beat("b", 1);
        List<String> before = new ArrayList<>();
        before.add(choice.round(1, now()).orElseThrow().id());
        LongStream.rangeClosed(2, WorkerChoice.MAX_JOBS + 1).forEach(job -> choice.round(job, now()));
        before.add(choice.round(1, now()).orElseThrow().id());
        assertEquals(before.getFirst(), before.getLast(), "forgotten, it begins anew");
    }
}
