package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every database must do for steps. */
abstract class StepContract {
    private static final long T = 1_700_000_000_000L;
    private static final RunNames NAMES = new RunNames("app", "biz", "job");
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
        if (database != null) { // none where there is no such server
            database.close();
            drop();
        }
    }

    private static Step step(long id, long run, long created, long sequence) {
        return step(id, run, created, sequence, new Step.Report("w-1", "s-1", "场景", "process1", "Half DONE", "warn", "{\"Disk\":90}", T, null));
    }

    private static Step step(long id, long run, long created, long sequence, Step.Report report) {
        return new Step(id, run, NAMES, report, T + id, new Step.Origin(created, sequence));
    }

    private void insert(Step... steps) {
        database.write(Priority.STEPS, sql -> {
            StepTable.insert(sql, List.of(steps));
            return null;
        });
    }

    private void run(long id) {
        database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, 1, List.of(Samples.claim(id, 7, T + id)));
            return null;
        });
    }

    private long read(Function<Sql, Long> work) {
        return database.read(work);
    }

    private boolean any(long run) {
        return database.read(sql -> StepTable.any(sql, run));
    }

    private int lost(long last) {
        return database.write(Priority.STEPS, sql -> StepTable.lost(sql, T, last));
    }

    private List<Long> ids(StepFilter filter) {
        return database.read(sql -> StepTable.search(sql, filter, 0, 1_000, 10_000)).items().stream().map(Step::id).toList();
    }

    @Test
    void keeps_what_a_worker_says() {
        Step full = step(1, 9, T, 5, new Step.Report("w".repeat(64), "s".repeat(64), "😀".repeat(1_024), "p".repeat(64), "😀".repeat(1_024), "m".repeat(64),
                "界".repeat(1_024), T, T + 5));
        Step bare = step(2, 9, T, 6, new Step.Report("", "", "", "", "", "", "", null, null));
        insert(full, bare);
        StepPage page = database.read(sql -> StepTable.search(sql, StepFilter.ofRun(9), 0, 10, 1_000));
        assertEquals(List.of(full, bare), page.items());
        assertNull(page.next());
        assertNull(page.searchedTo());
    }

    @Test
    void an_origin_is_stored_once_and_the_second_try_undoes_its_whole_transaction() {
        insert(step(1, 9, T, 5));
        StoreException twice = assertThrows(StoreException.class, () -> insert(step(2, 9, T, 6), step(3, 9, T, 5)));
        assertEquals(StoreException.Kind.DUPLICATE, twice.kind());
        assertEquals(List.of(1L), ids(StepFilter.ofRun(9)));
        insert(step(4, 9, T + 1, 5));
        assertEquals(List.of(1L, 4L), ids(StepFilter.ofRun(9)), "another incarnation of the stream");
        assertEquals(StoreException.Kind.DUPLICATE, assertThrows(StoreException.class, () -> insert(step(4, 9, T, 7))).kind(), "the id");
    }

    @Test
    void says_what_is_stored_of_a_stream() {
        List<Step> steps = LongStream.rangeClosed(1, 250).mapToObj(n -> step(n, n % 7, T, 10 * n)).toList();
        insert(steps.toArray(Step[]::new));
        insert(step(999, 1, T + 1, 10_000));
        List<Long> asked = LongStream.rangeClosed(1, 2_600).boxed().toList();
        Map<Long, Long> stored = database.read(sql -> StepTable.stored(sql, T, asked));
        assertEquals(250, stored.size());
        steps.forEach(step -> assertEquals(step.id(), stored.get(step.origin().sequence())));
        assertEquals(Map.of(), database.read(sql -> StepTable.stored(sql, T, List.of())));
        assertEquals(2_500L, read(sql -> StepTable.lastSequence(sql, T)));
        assertEquals(0L, read(sql -> StepTable.lastSequence(sql, T + 7)));
        assertEquals(999L, read(StepTable::lastId));
    }

    @Test
    void sequences_that_the_stream_has_lost_are_free_again_and_their_steps_stay() {
        insert(step(1, 9, T, 5), step(2, 9, T, 6), step(3, 9, T, 7), step(4, 9, T + 1, 8));
        assertEquals(2, lost(5));
        assertEquals(0, lost(5));
        insert(step(5, 9, T, 6));
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), ids(StepFilter.ofRun(9)));
    }

    @Test
    void lists_a_run_in_pages_from_the_oldest() {
        insert(LongStream.rangeClosed(1, 25).mapToObj(n -> step(n, n % 2, T, n)).toArray(Step[]::new));
        List<Long> walked = new ArrayList<>();
        Long after = 0L;
        while (after != null) {
            long from = after;
            StepPage page = database.read(sql -> StepTable.search(sql, StepFilter.ofRun(1), from, 5, 1_000));
            page.items().forEach(step -> walked.add(step.id()));
            after = page.next();
        }
        assertEquals(LongStream.rangeClosed(1, 25).filter(n -> n % 2 == 1).boxed().toList(), walked);
        assertTrue(any(1));
        assertFalse(any(2));
    }

    @Test
    void filters_by_text_time_and_run() {
        run(9);
        insert(step(1, 9, T, 1), step(2, 9, T, 2, new Step.Report("w-2", "", "", "process2", "100%", "", "", null, null)));
        StepFilter all = StepFilter.ofRun(9);
        assertEquals(List.of(1L), ids(texts("process1", null, null, null, null)));
        assertEquals(List.of(1L), ids(texts(null, "half done", null, null, null)));
        assertEquals(List.of(2L), ids(texts(null, "0%", null, null, null)));
        assertEquals(List.of(1L), ids(texts(null, null, "warn", null, null)));
        assertEquals(List.of(1L), ids(texts(null, null, null, "disk", null)));
        assertEquals(List.of(2L), ids(texts(null, null, null, null, "w-2")));
        assertEquals(List.of(2L), ids(new StepFilter(9, all.names(), all.run(), T + 2, null, all.texts())));
        assertEquals(List.of(1L), ids(new StepFilter(9, all.names(), all.run(), null, T + 2, all.texts())));
        assertEquals(List.of(), ids(new StepFilter(9, new StepFilter.Named("other", null, null), all.run(), null, null, all.texts())));
        assertEquals(List.of(1L, 2L), ids(new StepFilter(9, new StepFilter.Named("app", "biz", "job"), all.run(), null, null, all.texts())));
        long job = database.read(sql -> RunTable.find(sql, 9)).orElseThrow().jobId();
        assertEquals(List.of(1L, 2L), ids(new StepFilter(9, all.names(), new StepFilter.OfRun(job, RunState.RUNNING), null, null, all.texts())));
        assertEquals(List.of(), ids(new StepFilter(9, all.names(), new StepFilter.OfRun(job, RunState.FAIL), null, null, all.texts())));
        assertEquals(List.of(), ids(new StepFilter(9, all.names(), new StepFilter.OfRun(job + 1, null), null, null, all.texts())));
    }

    private static StepFilter texts(String status, String reason, String monitorStatus, String monitorPayload, String workerId) {
        StepFilter all = StepFilter.ofRun(9);
        return new StepFilter(9, all.names(), all.run(), null, null, new StepFilter.Texts(status, reason, monitorStatus, monitorPayload, workerId));
    }

    @Test
    void orphans_go_in_rounds_and_steps_of_runs_that_are_there_stay() {
        run(1);
        insert(LongStream.rangeClosed(1, 25).mapToObj(n -> step(n, n % 2, T, n)).toArray(Step[]::new));
        assertEquals(10L, orphans(0, 21));
        assertEquals(20L, orphans(10, 21));
        assertEquals(0L, orphans(20, 21), "the round is over");
        assertEquals(LongStream.rangeClosed(1, 25).filter(n -> n % 2 == 1).boxed().toList(), ids(StepFilter.ofRun(1)));
        assertEquals(List.of(22L, 24L), ids(StepFilter.ofRun(0)), "younger ones stay");
    }

    private long orphans(long after, long before) {
        return database.write(Priority.RETENTION, sql -> StepTable.deleteOrphans(sql, after, before, 10));
    }
}
