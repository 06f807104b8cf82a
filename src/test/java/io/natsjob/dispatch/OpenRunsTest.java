package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.dispatch.OpenRuns.Due;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenRunsTest {
    private final OpenRuns open = new OpenRuns();

    @Test
    void a_run_that_has_ended_frees_its_place_but_is_known_until_it_is_forgotten() {
        OpenRun run = run(5, 1, 10_000);
        assertEquals(0, open.admit(run, 1));
        assertEquals(-1, open.admit(run(6, 1, 10_000), 1));
        assertEquals(Optional.of(RunState.SUCCESS), open.end(run, RunEvent.SUCCEEDED));
        assertEquals(Optional.empty(), open.end(run, RunEvent.DEADLINE_PASSED), "ends once");
        assertEquals(0, open.running());
        assertEquals(Optional.of(run), open.find(5));
        open.forget(run);
        assertEquals(Optional.empty(), open.find(5));
        assertEquals(Optional.empty(), open.end(run, RunEvent.FAILED));
    }

    @Test
    void a_run_that_takes_the_slot_of_one_forgotten_keeps_its_own_deadline() {
        open.due(1);
        OpenRun first = run(5, 1, 10_000);
        open.add(first);
        open.end(first, RunEvent.SUCCEEDED);
        open.forget(first);
        OpenRun second = run(6, 1, 20_000);
        open.add(second);
        assertEquals(first.slot, second.slot);
        assertEquals(List.of(), dueUpTo(2, 20));
        assertEquals(List.of(second), dueUpTo(21, 21));
        open.forget(first);
        assertEquals(Optional.of(second), open.find(6), "forgotten twice does no harm");
    }

    @Test
    void what_was_overdue_when_it_was_loaded_comes_first_and_at_once() {
        OpenRun longAgo = run(5, 1, 10_000);
        OpenRun recent = run(6, 1, 999_500);
        OpenRun ahead = run(7, 1, 1_000_500);
        List.of(longAgo, recent, ahead).forEach(open::add);
        assertEquals(Set.of(longAgo, recent), Set.copyOf(dueUpTo(1_000, 1_000)));
        OpenRun late = run(8, 1, 20_000);
        open.add(late);
        assertEquals(Set.of(ahead, late), Set.copyOf(dueUpTo(1_001, 1_001)), "one that is added behind the hand comes with the next second");
    }

    @Test
    void a_deadline_comes_in_the_first_second_after_it_and_only_once() {
        open.due(1);
        OpenRun sharp = run(5, 1, 10_000);
        open.add(sharp);
        assertEquals(List.of(), dueUpTo(2, 10), "at its very millisecond an answer is still in time");
        assertEquals(List.of(sharp), dueUpTo(11, 11));
        assertEquals(List.of(), open.due(11));
    }

    @Test
    void a_second_run_under_one_id_takes_the_place_of_the_first() {
        open.due(1);
        open.add(run(5, 1, 10_000));
        OpenRun second = run(5, 1, 12_000);
        open.add(second);
        assertEquals(1, open.running(1));
        assertEquals(List.of(second), dueUpTo(2, 13));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void agrees_with_a_list_of_runs_under_random_use(long seed) {
        Random random = new Random(seed);
        Map<Long, OpenRun> known = new TreeMap<>();
        Map<Long, Boolean> armed = new TreeMap<>();
        long nextId = 1;
        long second = 1_000_000;
        open.due(second);
        for (int step = 0; step < 4_000; step++) {
            switch (random.nextInt(5)) {
                case 0, 1 -> {
                    OpenRun run = run(nextId++, random.nextInt(5), (second + random.nextInt(random.nextInt(20) == 0 ? 9_000 : 60)) * 1_000 + random.nextInt(1_000));
                    int max = 1 + random.nextInt(40);
                    int others = (int) known.values().stream().filter(r -> r.jobId() == run.jobId() && !r.state().isFinal()).count();
                    assertEquals(others < max ? others : -1, open.admit(run, max));
                    if (others < max) {
                        known.put(run.id(), run);
                        armed.put(run.id(), true);
                    }
                }
                case 2 -> pick(random, known).ifPresent(run -> {
                    boolean before = run.state().isFinal();
                    assertEquals(!before, open.end(run, RunEvent.values()[1 + random.nextInt(3)]).isPresent());
                    armed.remove(run.id());
                });
                case 3 -> pick(random, known).ifPresent(run -> {
                    open.forget(run);
                    known.remove(run.id());
                    armed.remove(run.id());
                });
                default -> {
                    second++;
                    long now = second;
                    Set<Long> expected = armed.keySet().stream().filter(id -> known.get(id).deadlineAt() / 1_000 < now).collect(Collectors.toSet());
                    assertEquals(expected, open.due(now).stream().map(due -> due.run().id()).collect(Collectors.toSet()));
                    expected.forEach(armed::remove);
                }
            }
            assertEquals(known.values().stream().filter(run -> !run.state().isFinal()).count(), open.running());
            assertEquals(known.isEmpty() ? nextId : Math.min(nextId, known.keySet().iterator().next()), open.oldestId(nextId));
        }
        assertEquals(open.running(), open.running("app"));
        assertEquals(0, open.running("other"));
    }

    @Test
    void never_more_runs_than_allowed_whatever_the_threads_do() throws Exception {
        int max = 7;
        CountDownLatch begin = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                long ids = 1_000_000L * thread;
                all.add(threads.submit(() -> {
                    begin.await();
                    for (int i = 1; i <= 5_000; i++) {
                        OpenRun run = run(ids + i, 1, 50_000);
                        int others = open.admit(run, max);
                        assertTrue(others < max);
                        assertTrue(open.running(1) <= max);
                        if (others >= 0) {
                            assertTrue(open.end(run, RunEvent.SUCCEEDED).isPresent());
                            open.forget(run);
                        }
                    }
                    return null;
                }));
            }
            begin.countDown();
            for (Future<?> each : all) {
                each.get();
            }
        }
        assertEquals(0, open.running(1));
        assertEquals(0, open.running());
    }

    @Test
    void a_map_is_one_run_over_both_steps_and_only_its_present_deadline_ends_it() {
        OpenRun map = run(1, 7, 5_000).inFirstStep(null);
        open.add(map);
        open.due(5);
        Due first = open.due(6).getFirst();
        assertTrue(open.next(map));
        assertFalse(open.next(map), "once");
        assertEquals(1, open.running(7));
        assertTrue(open.expire(first).isEmpty(), "the first step is over, the main step is not committed");
        assertTrue(open.begin(map, 9_000));
        assertTrue(open.expire(first).isEmpty());
        assertEquals(List.of(), open.due(9));
        Due second = open.due(10).getFirst();
        assertEquals(new Due(map, RunStep.MAIN, 9_000), second);
        assertTrue(open.begin(map, 9_500), "sent later than committed");
        assertTrue(open.expire(second).isEmpty());
        assertEquals(RunState.EXPIRED, open.expire(open.due(11).getFirst()).orElseThrow());
        assertEquals(0, open.running(7));
        assertFalse(open.begin(map, 20_000), "it has ended");
    }

    @Test
    void a_run_that_ends_between_its_steps_has_no_deadline_left() {
        OpenRun map = run(1, 7, 5_000).inFirstStep(null);
        open.add(map);
        open.due(1);
        open.next(map);
        assertEquals(RunState.FAIL, open.end(map, RunEvent.FAILED).orElseThrow());
        assertFalse(open.begin(map, 9_000));
        assertEquals(List.of(), dueUpTo(2, 20));
    }

    private List<OpenRun> dueUpTo(long from, long to) {
        List<OpenRun> all = new ArrayList<>();
        for (long second = from; second <= to; second++) {
            open.due(second).forEach(due -> all.add(due.run()));
        }
        return all;
    }

    private static Optional<OpenRun> pick(Random random, Map<Long, OpenRun> runs) {
        return runs.isEmpty() ? Optional.empty() : runs.values().stream().skip(random.nextInt(runs.size())).findFirst();
    }

    private static OpenRun run(long id, long jobId, long deadlineAt) {
        return new OpenRun(id, jobId, new RunNames("app", "biz", "job"), RunTrigger.CRON, 1_000, deadlineAt, deadlineAt, 1_000);
    }
}
