package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for the leader and its runs. */
abstract class StoreContract {
    private static final long FIRE = 1_700_000_000_000L;
    private static final long BIG_ID = 1_789_569_706_147_225_600L;
    private Database database;

    /** An empty database. */
    abstract Database open();

    /** Called after each test: what {@link #open} made is not needed any more. */
    void drop() {}

    @BeforeEach
    void openDatabase() {
        database = open();
    }

    @AfterEach
    void closeDatabase() {
        database.close();
        drop();
    }

    private boolean done(Function<Sql, Boolean> work) {
        return write(work);
    }

    private <T> T write(Function<Sql, T> work) {
        return database.write(Priority.CLAIM, work);
    }

    private <T> T read(Function<Sql, T> work) {
        return database.read(work);
    }

    private void insert(long term, NewRun... runs) {
        write(sql -> {
            RunTable.insert(sql, term, List.of(runs));
            return null;
        });
    }

    private Marks marks() {
        return read(LeaderTable::read);
    }

    @Test
    void starts_with_term_0_and_marks_0() {
        Marks marks = marks();
        assertEquals(new Marks(0, 0, 0, 0, 1), marks, "one edit: the seed");
    }

    @Test
    void term_is_raised_only_from_the_value_that_was_read() {
        assertTrue(done(sql -> LeaderTable.raiseTerm(sql, 0)));
        assertFalse(done(sql -> LeaderTable.raiseTerm(sql, 0)));
        assertEquals(1, marks().term());
    }

    @Test
    void marks_never_move_back_and_stand_still_for_another_term() {
        write(sql -> LeaderTable.raiseTerm(sql, 0));
        assertTrue(done(sql -> LeaderTable.moveMarks(sql, 1, 2_000, 1_000)));
        assertFalse(done(sql -> LeaderTable.moveMarks(sql, 1, 1_999, 1_000)), "claimed back");
        assertFalse(done(sql -> LeaderTable.moveMarks(sql, 1, 3_000, 999)), "settled back");
        assertFalse(done(sql -> LeaderTable.moveMarks(sql, 2, 3_000, 1_000)), "other term");
        assertTrue(done(sql -> LeaderTable.moveMarks(sql, 1, 2_000, 1_000)), "to themselves");
        assertEquals(new Marks(1, 2_000, 1_000, 0, 1), marks());
    }

    @Test
    void claimed_is_set_back_only_on_purpose_and_in_its_term() {
        write(sql -> LeaderTable.raiseTerm(sql, 0));
        write(sql -> LeaderTable.moveMarks(sql, 1, 9_000, 8_000));
        assertFalse(done(sql -> LeaderTable.correctClaimed(sql, 2, 5_000)));
        assertTrue(done(sql -> LeaderTable.correctClaimed(sql, 1, 5_000)));
        assertEquals(5_000, marks().claimed());
        assertEquals(5_000, marks().settled(), "settled never lies ahead of claimed");
    }

    @Test
    void oldest_open_id_moves_only_in_its_term() {
        write(sql -> {
            LeaderTable.oldestOpen(sql, 0, 42);
            LeaderTable.oldestOpen(sql, 1, 43);
            return null;
        });
        assertEquals(42, marks().oldestOpenId());
    }

    @Test
    void edits_are_numbered_without_gaps() {
        long first = write(LeaderTable::nextChange);
        assertEquals(first + 1, (long) write(LeaderTable::nextChange));
    }

    @Test
    void a_claim_comes_back_with_every_field() {
        NewRun claim = new NewRun(BIG_ID, 8, 5, new RunNames("n", "a", "j"), RunTrigger.MISFIRE, FIRE, 1, FIRE + 5, "{\"k\": \"😀\"}", RunStep.MAIN, null);
        insert(7, claim);
        Run expected = new Run(BIG_ID, 8, claim.names(), 1, RunTrigger.MISFIRE, RunState.RUNNING, FIRE, null, FIRE + 5, null, null, null, null, null, claim.args(), 7, null);
        assertEquals(expected, read(sql -> RunTable.find(sql, BIG_ID)).orElseThrow());
        List<StoredOpenRun> open = new ArrayList<>();
        read(sql -> {
            RunTable.eachOpen(sql, BIG_ID, open::add);
            return null;
        });
        assertEquals(List.of(new StoredOpenRun(BIG_ID, 8, 5, claim.names(), RunTrigger.MISFIRE, FIRE, 1, FIRE + 5, 7, claim.args(), RunStep.MAIN, null, null)), open);
        assertEquals(BIG_ID, (long) read(RunTable::lastId));
    }

    @Test
    void step_and_parts_of_a_claim_come_back() {
        Parts parts = Parts.all(IntStream.range(0, Parts.MAX).mapToObj(i -> "w-" + i + "中".repeat(58)).toList());
        insert(7, new NewRun(1, 8, 5, Samples.NAMES, RunTrigger.CRON, FIRE, 1, FIRE + 5, "", RunStep.PRE, null),
                new NewRun(2, 8, 5, Samples.NAMES, RunTrigger.CRON, FIRE + 1, 1, FIRE + 5, "", RunStep.MAIN, parts));
        List<StoredOpenRun> open = new ArrayList<>();
        read(sql -> {
            RunTable.eachOpen(sql, 0, open::add);
            return null;
        });
        assertEquals(RunStep.PRE, open.get(0).step());
        assertNull(open.get(0).parts());
        assertEquals(RunStep.MAIN, open.get(1).step());
        assertEquals(parts, open.get(1).parts());
    }

    @Test
    void an_open_run_below_the_given_id_is_not_loaded_and_an_ended_one_neither() {
        insert(1, Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1), Samples.claim(3, 8, FIRE + 2));
        write(sql -> RunTable.end(sql, List.of(Samples.end(2, RunState.FAIL))));
        List<Long> ids = new ArrayList<>();
        read(sql -> {
            RunTable.eachOpen(sql, 2, run -> ids.add(run.id()));
            return null;
        });
        assertEquals(List.of(3L), ids);
    }

    @Test
    void a_key_that_is_taken_refuses_the_whole_transaction_and_its_owner_is_told() {
        insert(1, Samples.claim(10, 8, FIRE));
        NewRun fresh = Samples.claim(20, 9, FIRE);
        NewRun taken = Samples.claim(21, 8, FIRE);
        StoreException refused = assertThrows(StoreException.class, () -> insert(2, fresh, taken));
        assertEquals(StoreException.Kind.DUPLICATE, refused.kind());
        assertTrue(refused.getMessage().contains("insert into natsjob_run"), refused.getMessage());
        assertTrue(read(sql -> RunTable.find(sql, 20)).isEmpty());
        assertEquals(List.of(new KeyOwner(8, FIRE, 1, 10, 1)), read(sql -> RunTable.owners(sql, List.of(fresh, taken))));
        assertTrue(database.up(), "a refused value is no outage");
    }

    @Test
    void ends_a_run_once_and_changes_nothing_final() {
        insert(1, Samples.claim(1, 8, FIRE));
        RunEnd end = new RunEnd(1, RunState.SUCCESS, "r", "s", "p", "w", 5, 6, 7);
        assertArrayEquals(new int[] {1, 0}, write(sql -> RunTable.end(sql, List.of(end, Samples.end(99, RunState.FAIL)))));
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.end(sql, List.of(Samples.end(1, RunState.FAIL)))));
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(Samples.end(1, RunState.EXPIRED), RunStep.MAIN, 6)))));
        assertEquals(0, (int) write(sql -> RunTable.moveDeadline(sql, 0, 1, RunStep.MAIN, 9)));
        assertEquals(0, (int) write(sql -> RunTable.drop(sql, 1, List.of(1L))));
        assertEquals(new Run(1, 8, Samples.NAMES, 1, RunTrigger.CRON, RunState.SUCCESS, FIRE, 5L, 6, 7L, "r", "s", "p", "w", "", 1, null),
                read(sql -> RunTable.find(sql, 1)).orElseThrow());
    }

    @Test
    void an_end_whose_sending_nobody_saw_has_no_time_of_it() {
        insert(1, Samples.claim(1, 8, FIRE));
        write(sql -> RunTable.end(sql, List.of(new RunEnd(1, RunState.EXPIRED, null, null, null, null, 0, 6, 7))));
        Run run = read(sql -> RunTable.find(sql, 1)).orElseThrow();
        assertNull(run.sentAt());
        assertNull(run.reason());
    }

    @Test
    void an_end_must_be_final() {
        assertThrows(IllegalArgumentException.class, () -> Samples.end(1, RunState.RUNNING));
    }

    @Test
    void a_deadline_ends_a_run_only_if_it_is_the_stored_one_and_the_term_stands() {
        insert(1, Samples.claim(1, 8, FIRE));
        RunEnd end = Samples.end(1, RunState.EXPIRED);
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.MAIN, FIRE + 59_999)))), "another deadline");
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 1, List.of(new Expiry(end, RunStep.MAIN, FIRE + 60_000)))), "another term");
        assertEquals(0, (int) write(sql -> RunTable.moveDeadline(sql, 1, 1, RunStep.MAIN, FIRE + 70_000)), "another term");
        assertEquals(1, (int) write(sql -> RunTable.moveDeadline(sql, 0, 1, RunStep.MAIN, FIRE + 70_000)));
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.MAIN, FIRE + 60_000)))), "the deadline has moved");
        assertArrayEquals(new int[] {1}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.MAIN, FIRE + 70_000)))));
    }

    @Test
    void a_map_goes_to_its_main_step_once_in_its_term_with_a_deadline_of_its_own() {
        insert(0, new NewRun(1, 8, 5, Samples.NAMES, RunTrigger.CRON, FIRE, 1, FIRE + 5, "", RunStep.PRE, null), Samples.claim(2, 8, FIRE + 1));
        RunEnd end = Samples.end(1, RunState.EXPIRED);
        assertEquals(0, (int) write(sql -> RunTable.mainStep(sql, 1, 1, FIRE + 2, FIRE + 5)), "another term");
        assertEquals(0, (int) write(sql -> RunTable.mainStep(sql, 0, 2, FIRE + 2, FIRE + 5)), "no map");
        assertEquals(0, (int) write(sql -> RunTable.mainStep(sql, 0, 3, FIRE + 2, FIRE + 5)), "no row");
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.MAIN, FIRE + 5)))), "another step");
        assertEquals(1, (int) write(sql -> RunTable.mainStep(sql, 0, 1, FIRE + 2, FIRE + 5)));
        assertEquals(0, (int) write(sql -> RunTable.mainStep(sql, 0, 1, FIRE + 3, FIRE + 9)), "once");
        assertEquals(0, (int) write(sql -> RunTable.moveDeadline(sql, 0, 1, RunStep.PRE, FIRE + 9)), "the first step is over");
        assertArrayEquals(new int[] {0}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.PRE, FIRE + 5)))), "the same deadline, of another step");
        assertEquals(1, (int) write(sql -> RunTable.mainStep(sql, 0, 1, FIRE + 2, FIRE + 7)), "the answer to the commit was lost");
        List<StoredOpenRun> open = new ArrayList<>();
        read(sql -> {
            RunTable.eachOpen(sql, 0, open::add);
            return null;
        });
        assertEquals(new StoredOpenRun(1, 8, 5, Samples.NAMES, RunTrigger.CRON, FIRE, 1, FIRE + 7, 0, "", RunStep.MAIN, FIRE + 2, null), open.getFirst());
        assertArrayEquals(new int[] {1}, write(sql -> RunTable.expire(sql, 0, List.of(new Expiry(end, RunStep.MAIN, FIRE + 7)))));
        assertEquals(0, (int) write(sql -> RunTable.mainStep(sql, 0, 1, FIRE + 2, FIRE + 7)), "it has ended");
    }

    @Test
    void only_claims_of_the_own_term_are_dropped() {
        insert(1, Samples.claim(1, 8, FIRE));
        insert(2, Samples.claim(2, 8, FIRE + 1));
        assertEquals(1, (int) write(sql -> RunTable.drop(sql, 2, List.of(1L, 2L))));
        assertTrue(read(sql -> RunTable.find(sql, 1)).isPresent());
    }

    @Test
    void knows_the_runs_that_exist_over_more_ids_than_one_statement_takes() {
        List<NewRun> claims = new ArrayList<>();
        List<Long> asked = new ArrayList<>();
        for (long i = 1; i <= 250; i++) {
            claims.add(Samples.claim(i, 8, FIRE + i));
            asked.add(i);
        }
        asked.add(BIG_ID);
        insert(1, claims.toArray(NewRun[]::new));
        write(sql -> RunTable.end(sql, List.of(Samples.end(250, RunState.FAIL))));
        Map<Long, Known> known = read(sql -> RunTable.known(sql, asked));
        assertEquals(250, known.size());
        assertEquals(new Known(RunState.RUNNING, Samples.NAMES), known.get(101L));
        assertEquals(RunState.FAIL, known.get(250L).state());
        assertTrue(read(sql -> RunTable.known(sql, List.of())).isEmpty());
    }

    @Test
    void retention_deletes_ended_runs_in_chunks_and_never_an_open_one() {
        insert(1, Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1), Samples.claim(3, 8, FIRE + 2), Samples.claim(4, 8, FIRE + 3), Samples.claim(5, 8, FIRE + 4));
        write(sql -> RunTable.end(sql, List.of(Samples.end(2, RunState.FAIL), Samples.end(3, RunState.SUCCESS), Samples.end(4, RunState.SUCCESS))));
        assertEquals(new RunTable.Deleted(0, 0), write(sql -> RunTable.deleteEnded(sql, 0, 5, 2_000, 10)), "ended at 2,000: not before it");
        assertEquals(new RunTable.Deleted(1, 2), write(sql -> RunTable.deleteEnded(sql, 0, 4, 2_001, 1)), "one at a time");
        assertEquals(new RunTable.Deleted(1, 3), write(sql -> RunTable.deleteEnded(sql, 0, 4, 2_001, 10)), "below the id");
        assertEquals(List.of(5L, 4L, 1L), read(sql -> RunTable.page(sql, RunFilter.all(Long.MAX_VALUE), null, 10)).stream().map(Run::id).toList());
    }

    @Test
    void a_run_takes_its_parts_with_it_and_counts_them() {
        for (long id = 1; id <= 3_001; id += 1_000) {
            insert(1, new NewRun(id, 8, 3, Samples.NAMES, RunTrigger.CRON, FIRE + id, 1, FIRE, "", RunStep.MAIN, Parts.all(List.of("a", "b"))));
        }
        write(sql -> sql.batch("INSERT INTO natsjob_part (run_id, sub_id, worker_id, state, ended_at) VALUES (?, ?, 'w', 'fail', 9)",
                List.of(new Object[] {1L, 2L}, new Object[] {1L, 3L}, new Object[] {1_001L, 1_002L}, new Object[] {3_001L, 3_002L})));
        write(sql -> RunTable.end(sql, List.of(Samples.end(1, RunState.FAIL), Samples.end(1_001, RunState.SUCCESS), Samples.end(2_001, RunState.SUCCESS))));
        assertEquals(new RunTable.Deleted(3, 1), write(sql -> RunTable.deleteEnded(sql, 0, 9_000, 9_000, 3)), "the first run and its two parts");
        assertEquals(new RunTable.Deleted(3, 2_001), write(sql -> RunTable.deleteEnded(sql, 0, 9_000, 9_000, 4)), "two runs and a part");
        assertEquals(List.of(3_002L), read(sql -> sql.list("SELECT sub_id FROM natsjob_part", row -> row.longAt(1))), "of an open run");
    }

    @Test
    void a_failing_work_leaves_nothing_and_its_exception_arrives() {
        IllegalStateException thrown = assertThrows(IllegalStateException.class, () -> write(sql -> {
            RunTable.insert(sql, 1, List.of(Samples.claim(1, 8, FIRE)));
            throw new IllegalStateException("on purpose");
        }));
        assertEquals("on purpose", thrown.getMessage());
        assertTrue(read(sql -> RunTable.find(sql, 1)).isEmpty());
        assertTrue(database.up());
    }

    @Test
    void a_read_sees_what_a_finished_write_wrote_every_time() {
        for (long i = 1; i <= 200; i++) {
            insert(1, Samples.claim(i, 8, FIRE + i));
            assertEquals(i, (long) read(RunTable::lastId));
        }
    }

    @Test
    void a_read_can_change_nothing() {
        StoreException refused = assertThrows(StoreException.class, () -> read(sql -> LeaderTable.raiseTerm(sql, 0)));
        assertEquals(StoreException.Kind.REJECTED, refused.kind());
        assertEquals("cannot update natsjob_leader: this work only reads", refused.getMessage());
        assertEquals(0, marks().term());
        assertTrue(database.up());
    }

    @Test
    void texts_keep_every_character() {
        String text = Texts.kept("a\0b 😀 'quoted' \"x\" 中文 \\ % _ \uFFFD \uD800", 1_024);
        insert(1, Samples.claim(1, 8, FIRE));
        write(sql -> RunTable.end(sql, List.of(new RunEnd(1, RunState.FAIL, text, null, text, null, 1, 2, 3))));
        Run run = read(sql -> RunTable.find(sql, 1)).orElseThrow();
        assertEquals(text, run.reason());
        assertEquals(text, run.monitorPayload());
    }

    @Test
    void tallies_add_up_over_calls_and_writers() {
        long hour = 473_222 * Tally.HOUR_MILLIS;
        Tally one = Tally.one(8, "success", hour + 5);
        write(sql -> {
            TallyTable.add(sql, 1, List.of(new Tally(8, hour + Tally.HOUR_MILLIS, "fail", 2, 9), one));
            TallyTable.add(sql, 1, List.of(one));
            TallyTable.add(sql, 2, List.of(new Tally(8, hour, "success", 10, hour + 4), new Tally(9, hour, "success", 7, 1)));
            return null;
        });
        assertEquals(List.of(new Tally(8, hour, "success", 12, hour + 5), new Tally(8, hour + Tally.HOUR_MILLIS, "fail", 2, 9)),
                read(sql -> TallyTable.of(sql, 8, hour, hour + 2 * Tally.HOUR_MILLIS)));
        assertEquals(1, read(sql -> TallyTable.of(sql, 8, hour, hour + Tally.HOUR_MILLIS)).size(), "to is exclusive");
        assertEquals(Map.of("success", 19L, "fail", 2L), read(sql -> TallyTable.totals(sql, null, hour)));
    }

    @Test
    void the_newest_skip_is_found_among_other_outcomes() {
        write(sql -> {
            TallyTable.add(sql, 1, List.of(Tally.one(8, "missed", 100), Tally.one(8, "concurrency", 200), Tally.one(8, "success", 300), Tally.one(9, "clock", 400)));
            return null;
        });
        assertEquals("concurrency", read(sql -> TallyTable.lastSkip(sql, 8)).orElseThrow().outcome());
        assertTrue(read(sql -> TallyTable.lastSkip(sql, 10)).isEmpty());
    }

    @Test
    void tallies_of_old_hours_go_in_chunks() {
        write(sql -> {
            TallyTable.add(sql, 1, List.of(new Tally(1, 0, "sent", 1, 0), new Tally(2, 0, "sent", 1, 0), new Tally(1, Tally.HOUR_MILLIS, "sent", 1, 0)));
            return null;
        });
        assertEquals(1, (int) write(sql -> TallyTable.deleteBefore(sql, Tally.HOUR_MILLIS, 1)));
        assertEquals(1, (int) write(sql -> TallyTable.deleteBefore(sql, Tally.HOUR_MILLIS, 5)));
        assertEquals(Map.of("sent", 1L), read(sql -> TallyTable.totals(sql, null, 0)));
    }
}
