package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.natsjob.job.Run;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for lists of runs. */
abstract class RunListContract {
    private static final long FIRE = 1_700_000_000_000L;
    private static final long ALL = Long.MAX_VALUE;
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

    private void insert(NewRun... runs) {
        database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, 1, List.of(runs));
            return null;
        });
    }

    private void end(RunEnd... ends) {
        database.write(Priority.ANSWERS, sql -> RunTable.end(sql, List.of(ends)));
    }

    private List<Long> ids(RunFilter filter) {
        return database.read(sql -> RunTable.page(sql, filter, null, 100)).stream().map(Run::id).toList();
    }

    /** The id that the leader makes at that moment (docs/rules.md 35). */
    private static long idAt(long millis, int n) {
        return (millis << 20) + n;
    }

    private static RunFilter with(String namespace, String app, String job, RunState state, Long from, Long to) {
        return new RunFilter(namespace, app, job, null, state, from, to, null, null, null, null, ALL);
    }

    private static RunFilter with(String reason, String monitorStatus, String monitorPayload, String workerId) {
        return new RunFilter(null, null, null, null, null, null, null, reason, monitorStatus, monitorPayload, workerId, ALL);
    }

    private List<Long> walk(RunFilter filter, int limit) {
        List<Long> ids = new ArrayList<>();
        RunCursor after = null;
        while (true) {
            RunCursor from = after;
            List<Run> page = database.read(sql -> RunTable.page(sql, filter, from, limit));
            if (page.isEmpty()) {
                return ids;
            }
            page.forEach(run -> ids.add(run.id()));
            after = RunCursor.after(page.getLast());
        }
    }

    @Test
    void pages_of_a_job_go_by_fire_time_and_attempt_without_gap_or_double() {
        NewRun[] runs = new NewRun[7];
        for (int i = 0; i < 6; i++) {
            // Ids against the order of fire times, pairs of attempts at one fire time.
            runs[i] = new NewRun(100 - i, 8, 1, Samples.NAMES, RunTrigger.CRON, FIRE + i / 2, 1 + i % 2, FIRE + 9, "", RunStep.MAIN, null);
        }
        runs[6] = Samples.claim(50, 9, FIRE);
        insert(runs);
        List<Long> expected = List.of(95L, 96L, 97L, 98L, 99L, 100L);
        for (int limit = 1; limit <= 7; limit++) {
            assertEquals(expected, walk(RunFilter.ofJob(8, ALL), limit), "limit " + limit);
        }
        assertEquals(95, database.read(sql -> RunTable.lastOf(sql, 8, ALL)).orElseThrow().id());
        assertEquals(99, database.read(sql -> RunTable.lastOf(sql, 8, FIRE)).orElseThrow().id(), "the newest that is visible");
    }

    @Test
    void pages_of_all_runs_go_by_id_over_equal_fire_times() {
        insert(Samples.claim(1, 1, FIRE), Samples.claim(2, 2, FIRE), Samples.claim(3, 3, FIRE), Samples.claim(4, 4, FIRE - 1));
        for (int limit = 1; limit <= 5; limit++) {
            assertEquals(List.of(4L, 3L, 2L, 1L), walk(RunFilter.all(ALL), limit), "limit " + limit);
        }
    }

    @Test
    void claims_ahead_of_the_settled_mark_are_in_no_list_but_manual_and_ended_runs_are() {
        insert(Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1), Samples.claim(3, 8, FIRE + 2, RunTrigger.MANUAL), Samples.claim(4, 8, FIRE + 3));
        end(Samples.end(4, RunState.SUCCESS));
        assertEquals(List.of(4L, 3L, 1L), ids(RunFilter.all(FIRE)));
        assertEquals(List.of(4L, 3L, 1L), ids(RunFilter.ofJob(8, FIRE)));
        assertEquals(List.of(4L, 3L, 2L, 1L), ids(RunFilter.all(FIRE + 1)));
    }

    @Test
    void filters_by_names_state_and_time() {
        insert(new NewRun(idAt(FIRE, 1), 8, 1, new RunNames("n1", "a1", "j1"), RunTrigger.CRON, FIRE, 1, FIRE, "", RunStep.MAIN, null),
                new NewRun(idAt(FIRE, 2), 9, 1, new RunNames("n2", "a2", "j2"), RunTrigger.CRON, FIRE + 1_000, 1, FIRE, "", RunStep.MAIN, null),
                new NewRun(idAt(FIRE + 9_000, 3), 9, 1, new RunNames("n2", "a2", "j2"), RunTrigger.MISFIRE, FIRE + 500, 1, FIRE, "", RunStep.MAIN, null));
        end(Samples.end(idAt(FIRE, 2), RunState.FAIL));
        long a = idAt(FIRE, 1);
        long b = idAt(FIRE, 2);
        long c = idAt(FIRE + 9_000, 3);
        assertEquals(List.of(a), ids(with("n1", null, null, null, null, null)));
        assertEquals(List.of(c, b), ids(with(null, "a2", null, null, null, null)));
        assertEquals(List.of(), ids(with("n1", null, "j2", null, null, null)));
        assertEquals(List.of(b), ids(with(null, null, null, RunState.FAIL, null, null)));
        assertEquals(List.of(c, a), ids(with(null, null, null, RunState.RUNNING, null, null)));
        assertEquals(List.of(c, a), ids(with(null, null, null, null, FIRE, FIRE + 1_000)), "from inclusive, to exclusive");
        assertEquals(List.of(c, b), ids(with(null, null, null, null, FIRE + 1, null)));
        assertEquals(List.of(b, c), ids(new RunFilter(null, null, null, 9L, null, FIRE + 500, FIRE + 1_001, null, null, null, null, ALL)), "a job's list goes by fire time");
    }

    @Test
    void filters_by_what_the_worker_said() {
        insert(Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1), Samples.claim(3, 8, FIRE + 2));
        end(new RunEnd(1, RunState.FAIL, "Disk 100% full", "warn", "{\"rows\": 5}", "w1", 1, 2, 3),
                new RunEnd(2, RunState.FAIL, "disk_x", "warn", "中文😀", "w2", 1, 2, 3));
        assertEquals(List.of(2L, 1L), ids(with("DISK", null, null, null)));
        assertEquals(List.of(1L), ids(with("100%", null, null, null)));
        assertEquals(List.of(2L), ids(with("k_x", null, null, null)), "no wildcard");
        assertEquals(List.of(2L), ids(with(null, null, "文😀", null)));
        assertEquals(List.of(), ids(with(null, "war", null, null)), "equals");
        assertEquals(List.of(2L), ids(with(null, "warn", null, "w2")));
        assertEquals(List.of(), ids(with("' OR 1=1 --", null, null, null)));
    }

    @Test
    void a_search_in_steps_finds_the_same_as_a_page() {
        fill(12_000);
        for (RunFilter filter : List.of(with("needle", null, null, null), new RunFilter(null, null, null, 8L, null, null, null, "needle", null, null, null, ALL))) {
            List<Run> page = database.read(sql -> RunTable.page(sql, filter, null, 100));
            RunPage search = database.read(sql -> RunTable.search(sql, filter, null, 100, 60_000));
            assertEquals(3, page.size());
            assertEquals(page, search.items());
            assertNull(search.next());
            assertNull(search.searchedTo());
        }
    }

    @Test
    void a_search_out_of_time_says_how_far_it_came_and_goes_on_there() {
        fill(12_000);
        RunFilter filter = with("needle", null, null, null);
        List<Long> found = new ArrayList<>();
        int pages = 0;
        RunCursor after = null;
        do {
            RunCursor from = after;
            RunPage page = database.read(sql -> RunTable.search(sql, filter, from, 100, -1));
            page.items().forEach(run -> found.add(run.id()));
            after = page.next();
            pages++;
            if (after != null) {
                assertNotNull(page.searchedTo());
            }
        } while (after != null);
        assertEquals(12_000 / 150 + 1, pages, "each call begins with a step of the page and 50 rows more");
        assertEquals(List.of(11_999L, 6_000L, 1L), found);
    }

    @Test
    void a_full_page_of_a_search_has_a_cursor_and_no_searched_to() {
        insert(Samples.claim(1, 8, FIRE), Samples.claim(2, 8, FIRE + 1));
        RunPage page = database.read(sql -> RunTable.search(sql, RunFilter.all(ALL), null, 1, 1_000));
        assertEquals(new RunCursor(2, FIRE + 1, 1), page.next());
        assertNull(page.searchedTo());
        assertNull(database.read(sql -> RunTable.search(sql, RunFilter.all(ALL), page.next(), 2, 1_000)).next());
    }

    @Test
    void open_runs_of_all_jobs_are_searched_from_the_oldest_open_one_on() {
        fill(3);
        database.write(Priority.CLAIM, sql -> sql.update("UPDATE natsjob_leader SET oldest_open_id = 2 WHERE id = 1"));
        assertEquals(List.of(2L), ids(with(null, null, null, RunState.RUNNING, null, null)), "0 lies below the mark, 1 has ended");
        assertEquals(List.of(0L, 1L, 2L).reversed(), ids(with(null, null, null, null, null, null)));
    }

    private void fill(int rows) {
        List<NewRun> runs = new ArrayList<>();
        for (int i = 0; i < rows; i++) {
            runs.add(Samples.claim(i, 8, FIRE + i));
        }
        insert(runs.toArray(NewRun[]::new));
        for (long id : new long[] {1, 6_000, 11_999}) {
            end(new RunEnd(id, RunState.FAIL, "the needle in it", null, null, null, 1, 2, 3));
        }
    }
}
