package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.store.Database;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreException;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import io.natsjob.job.RunStep;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Writer, lane and batch on real SQLite, whose triggers refuse what a test wants refused. */
class WriterLaneTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private Bench bench;
    private WriterLane lane;

    @BeforeEach
    void begin(@TempDir Path folder) {
        bench = new Bench(folder);
        lane = new WriterLane(bench.database, bench.batch(), 1, 16_000, bench.time);
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void ends_are_committed_counted_and_forgotten_together() throws Exception {
        OpenRun first = bench.run(1);
        OpenRun second = bench.run(2);
        OpenRun third = bench.run(3);
        queue(bench.ended(second, RunState.FAIL, "why", 11), bench.ended(first, RunState.SUCCESS, "", 10), bench.expired(third));
        assertEquals(9, bench.position.committed().revision());
        lane.turn();
        assertEquals(List.of(RunState.SUCCESS, RunState.FAIL, RunState.EXPIRED), List.of(bench.state(1), bench.state(2), bench.state(3)));
        assertEquals("why", bench.stored(2).reason());
        assertEquals(Map.of("success", 1L, "fail", 1L, "expired", 1L), bench.tallies());
        assertEquals(11, bench.position.committed().revision());
        assertEquals(Optional.empty(), bench.open.find(2));
        assertEquals(0, lane.inFlight());
    }

    @Test
    void rows_are_changed_in_the_order_of_their_ids_and_tallies_come_last() throws Exception {
        script("CREATE TABLE seen (n INTEGER PRIMARY KEY, what TEXT)",
                "CREATE TRIGGER watch_run AFTER UPDATE ON natsjob_run BEGIN INSERT INTO seen (what) VALUES (NEW.id); END",
                "CREATE TRIGGER watch_tally AFTER INSERT ON natsjob_tally BEGIN INSERT INTO seen (what) VALUES ('tally'); END");
        List<Long> ids = new ArrayList<>(LongStream.rangeClosed(1, 60).boxed().toList());
        Collections.shuffle(ids, new Random(3));
        for (long id : ids) {
            queue(bench.ended(bench.run(id), RunState.SUCCESS, "", id));
        }
        lane.turn();
        List<String> expected = new ArrayList<>(LongStream.rangeClosed(1, 60).mapToObj(Long::toString).toList());
        expected.add("tally");
        assertEquals(expected, bench.database.read(sql -> sql.list("SELECT what FROM seen ORDER BY n", row -> row.text(1))));
    }

    @Test
    void a_poisonous_row_is_parked_alone_and_the_others_are_committed_once() throws Exception {
        script("CREATE TRIGGER poison BEFORE UPDATE ON natsjob_run WHEN NEW.reason = 'poison' BEGIN SELECT RAISE(ABORT, 'not this one'); END");
        for (long id = 1; id <= 40; id++) {
            queue(bench.ended(bench.run(id), RunState.SUCCESS, id == 17 ? "poison" : "fine", id));
        }
        lane.turn();
        for (long id = 1; id <= 40; id++) {
            assertEquals(RunState.SUCCESS, bench.state(id), "run " + id);
        }
        assertTrue(bench.stored(17).reason().contains("natsjob_parked"), bench.stored(17).reason());
        var parked = bench.database.read(sql -> ParkedTable.list(sql, 10));
        assertEquals(1, parked.size());
        assertEquals("17", parked.getFirst().keyText());
        assertTrue(parked.getFirst().payload().contains("poison") && parked.getFirst().reason().contains("not this one"), parked.toString());
        assertEquals(Map.of("success", 40L), bench.tallies());
        assertEquals(40, bench.position.committed().revision(), "the prefix advances");
        assertEquals(0, bench.open.running());
    }

    @Test
    void a_run_whose_plain_end_is_refused_too_is_set_aside_and_holds_up_nobody() throws Exception {
        script("CREATE TRIGGER poison BEFORE UPDATE ON natsjob_run WHEN NEW.id = 2 BEGIN SELECT RAISE(ABORT, 'never'); END");
        queue(bench.ended(bench.run(1), RunState.SUCCESS, "", 1), bench.ended(bench.run(2), RunState.SUCCESS, "", 2), bench.ended(bench.run(3), RunState.SUCCESS, "", 3));
        lane.turn();
        assertEquals(List.of(RunState.SUCCESS, RunState.RUNNING, RunState.SUCCESS), List.of(bench.state(1), bench.state(2), bench.state(3)));
        assertEquals(1, bench.database.read(sql -> ParkedTable.list(sql, 10)).size());
        assertEquals(3, bench.position.committed().revision());
    }

    @Test
    void a_run_whose_row_has_ended_changes_nothing_and_is_not_counted_again() throws Exception {
        OpenRun run = bench.run(1);
        queue(bench.ended(run, RunState.SUCCESS, "first", 1));
        lane.turn();
        OpenRun stale = new OpenRun(1, 7, Bench.NAMES, run.trigger(), run.fireAt(), run.storedDeadline(), run.deadlineAt(), run.sentAt());
        bench.open.add(stale);
        queue(bench.ended(stale, RunState.FAIL, "second", 2));
        lane.turn();
        assertEquals("first", bench.stored(1).reason());
        assertEquals(Map.of("success", 1L), bench.tallies());
        assertEquals(2, bench.position.committed().revision());
    }

    @Test
    void a_later_deadline_in_the_batch_of_the_expiry_does_not_keep_the_run_open() throws Exception {
        OpenRun run = bench.run(1, Bench.NAMES, Bench.NOW + 30_000, Bench.NOW + 35_000);
        queue(new Transition.Postponed(run, run.step(), run.deadlineAt()), bench.expired(run));
        lane.turn();
        assertEquals(RunState.EXPIRED, bench.state(1));
        assertEquals(Bench.NOW + 35_000, bench.stored(1).deadlineAt());
    }

    @Test
    void a_later_deadline_written_after_the_expiry_was_made_does_not_keep_the_run_open() throws Exception {
        OpenRun run = bench.run(1, Bench.NAMES, Bench.NOW + 30_000, Bench.NOW + 35_000);
        Transition expiry = bench.expired(run);
        queue(new Transition.Postponed(run, run.step(), run.deadlineAt()));
        lane.turn();
        assertEquals(Bench.NOW + 35_000, bench.stored(1).deadlineAt());
        queue(expiry);
        lane.turn();
        assertEquals(RunState.EXPIRED, bench.state(1));
    }

    @Test
    void the_main_step_of_a_map_is_handed_on_after_its_commit_and_its_answer_counts_as_done() throws Exception {
        OpenRun run = bench.map(1);
        assertTrue(bench.open.next(run));
        bench.clock.tick(Duration.ofSeconds(5));
        queue(new Transition.Next(run, bench.position.read(4), Bench.NOW + 1, new CompletableFuture<>()));
        assertEquals(List.of(), bench.mainSteps);
        lane.turn();
        assertEquals(List.of(run), bench.mainSteps);
        assertEquals("MAIN " + (Bench.NOW + 1) + " " + (Bench.NOW + 15_000), bench.step(1));
        assertEquals(Bench.NOW + 15_000, run.deadlineAt());
        assertEquals(Bench.NOW + 15_000, run.storedDeadline());
        assertEquals(4, bench.position.committed().revision());
        queue(bench.expired(run));
        lane.turn();
        assertEquals(RunState.EXPIRED, bench.state(1), "the deadline of the main step ends it");
    }

    @Test
    void a_step_whose_commit_was_not_answered_is_written_again_and_handed_on_once() throws Exception {
        OpenRun run = bench.map(1);
        bench.open.next(run);
        bench.database.write(Priority.CLAIM, sql -> RunTable.mainStep(sql, bench.term.number(), 1, Bench.NOW, Bench.NOW + 1));
        queue(new Transition.Next(run, bench.position.read(4), Bench.NOW, new CompletableFuture<>()));
        lane.turn();
        assertEquals(List.of(run), bench.mainSteps);
        assertEquals("MAIN " + Bench.NOW + " " + (Bench.NOW + 10_000), bench.step(1));
    }

    @Test
    void a_step_in_a_former_leaders_term_is_not_sent_and_its_answer_stays_in_NATS() throws Exception {
        OpenRun run = bench.map(1);
        bench.open.next(run);
        bench.database.write(Priority.CLAIM, sql -> LeaderTable.raiseTerm(sql, bench.term.number()));
        queue(new Transition.Next(run, bench.position.read(4), Bench.NOW, new CompletableFuture<>()));
        lane.turn();
        assertEquals(List.of(), bench.mainSteps);
        assertEquals("PRE null " + (Bench.NOW + 30_000), bench.step(1));
        assertEquals(3, bench.position.committed().revision());
    }

    @Test
    void a_step_of_a_run_that_has_ended_in_the_database_is_not_sent() throws Exception {
        OpenRun run = bench.map(1);
        bench.open.next(run);
        bench.database.write(Priority.CLAIM, sql -> RunTable.end(sql, List.of(new RunEnd(1, RunState.FAIL, "", "", "", "", 1, 2, 3))));
        queue(new Transition.Next(run, bench.position.read(4), Bench.NOW, new CompletableFuture<>()));
        lane.turn();
        assertEquals(List.of(), bench.mainSteps);
        assertEquals(RunState.FAIL, bench.state(1));
        assertEquals(0, bench.open.running());
        assertEquals(4, bench.position.committed().revision());
    }

    @Test
    void the_deadline_of_the_first_step_does_not_end_a_run_in_its_main_step() throws Exception {
        OpenRun run = bench.map(1);
        Transition expiry = new Transition.Expired(run, RunStep.PRE, new RunEnd(1, RunState.EXPIRED, "", "", "", "", 1, run.deadlineAt(), 3));
        bench.database.write(Priority.CLAIM, sql -> RunTable.mainStep(sql, bench.term.number(), 1, Bench.NOW, run.storedDeadline()));
        queue(expiry);
        lane.turn();
        assertEquals(RunState.RUNNING, bench.state(1));
    }

    @Test
    void an_expiry_in_a_former_leaders_term_or_with_another_deadline_changes_nothing() throws Exception {
        OpenRun run = bench.run(1);
        OpenRun moved = bench.run(2);
        script("UPDATE natsjob_run SET deadline_at = 5 WHERE id = 2");
        queue(bench.expired(moved));
        lane.turn();
        assertEquals(RunState.RUNNING, bench.state(2));
        script("UPDATE natsjob_leader SET term = term + 1");
        queue(bench.expired(run));
        lane.turn();
        assertEquals(RunState.RUNNING, bench.state(1));
        OpenRun answered = bench.run(3);
        queue(bench.ended(answered, RunState.SUCCESS, "", 4));
        lane.turn();
        assertEquals(RunState.SUCCESS, bench.state(3), "answers need no term");
    }

    @Test
    void unmatched_answers_are_told_apart_by_what_the_database_knows() throws Exception {
        queue(bench.ended(bench.run(1), RunState.SUCCESS, "", 1));
        lane.turn();
        bench.row(2, Bench.NAMES, Bench.NOW);
        RunNames other = new RunNames("app", "biz", "other");
        queue(unmatched(1, Bench.NAMES, 2), unmatched(1, other, 3), unmatched(2, Bench.NAMES, 4), unmatched(99, Bench.NAMES, 5));
        assertEquals(1, bench.position.committed().revision());
        lane.turn();
        assertEquals(Map.of("final", 1L, "foreign", 1L, "early", 1L, "unknown", 1L), bench.ignored.counts());
        assertEquals(5, bench.position.committed().revision());
    }

    @Test
    void while_the_database_is_away_the_batch_waits_and_goes_when_it_is_back() throws Exception {
        lane.start();
        bench.run(1);
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Thread holder = Thread.ofPlatform().start(() -> bench.database.write(Priority.CLAIM, sql -> {
            began.countDown();
            try {
                return release.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }));
        began.await();
        queue(bench.ended(bench.open.find(1).orElseThrow(), RunState.SUCCESS, "", 1));
        assertEquals(0, bench.position.committed().revision(), "nothing is done with before its commit");
        release.countDown();
        holder.join();
        Eventually.awaitEqual("committed", SOON, 1L, () -> bench.position.committed().revision());
        assertEquals(RunState.SUCCESS, bench.state(1));
        lane.close(SOON);
    }

    @Test
    void a_stop_empties_the_queue_even_when_it_comes_at_once() {
        for (int round = 0; round < 20; round++) {
            WriterLane each = new WriterLane(bench.database, bench.batch(), 1, 100, bench.time);
            each.start();
            long id = 100 + round;
            assertTrue(each.reserve(Duration.ZERO));
            each.put(bench.ended(bench.run(id), RunState.SUCCESS, "", 0));
            each.close(SOON);
            assertEquals(0, each.inFlight());
            assertEquals(RunState.SUCCESS, bench.state(id));
        }
    }

    @Test
    void a_stop_without_the_database_is_bounded_and_then_takes_nothing() {
        lane.start();
        OpenRun run = bench.run(1);
        bench.database.close();
        queue(bench.ended(run, RunState.SUCCESS, "", 1));
        long began = System.nanoTime();
        lane.close(Duration.ofMillis(300));
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(2).toNanos());
        assertEquals(1, lane.inFlight(), "told as not written");
        assertThrows(StoreException.class, () -> lane.reserve(Duration.ofSeconds(5)));
    }

    @Test
    void a_full_lane_has_no_room_until_a_batch_is_taken() throws Exception {
        WriterLane small = new WriterLane(bench.database, bench.batch(), 1, 2, bench.time);
        assertTrue(small.reserve(Duration.ZERO));
        small.put(bench.ended(bench.run(1), RunState.SUCCESS, "", 0));
        assertTrue(small.reserve(Duration.ZERO));
        assertFalse(small.reserve(Duration.ofMillis(20)));
        small.turn();
        assertTrue(small.reserve(Duration.ZERO));
        small.unreserve();
        assertTrue(small.reserve(Duration.ZERO));
    }

    @Test
    void SQLite_has_one_lane_and_no_batch_is_larger_than_the_database_allows() throws Exception {
        assertEquals(1, bench.database.parallelBatches());
        for (long id = 1; id <= Database.MAX_BATCH_ROWS + 100; id++) {
            queue(bench.ended(bench.run(id), RunState.SUCCESS, "", 0));
        }
        bench.database.claimDueAt(Long.MAX_VALUE);
        lane.turn();
        assertEquals(100, lane.inFlight(), "at most 500 at once");
        bench.database.claimDueAt(Clock.system().millis());
        int allowed = bench.database.batchRows();
        lane.turn();
        assertEquals(Math.max(0, 100 - allowed), lane.inFlight(), "a claim is near: as many as fit into 20 ms");
    }

    private Transition.Unmatched unmatched(long id, RunNames names, long revision) {
        return new Transition.Unmatched(id, names, bench.position.read(revision), Bench.key(id, names));
    }

    private void queue(Transition... transitions) {
        for (Transition transition : transitions) {
            assertTrue(lane.reserve(Duration.ZERO));
            lane.put(transition);
        }
    }

    private void script(String... statements) {
        bench.database.write(Priority.EDIT, sql -> {
            for (String statement : statements) {
                sql.update(statement);
            }
            return null;
        });
    }
}
