package io.natsjob.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.NewRun;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.Step;
import io.natsjob.store.StepTable;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetentionTest {
    private static final long DAY = 86_400_000;
    private Bench bench;
    private Retention retention;

    @BeforeEach
    void begin(@TempDir Path folder) {
        bench = new Bench(folder);
        retention = new Retention(bench.database, Duration.ofDays(7), Duration.ofDays(30), bench.time);
    }

    @AfterEach
    void end() {
        bench.close();
    }

    @Test
    void old_ended_runs_go_in_chunks_and_open_ones_stay_however_old() {
        long old = Bench.NOW - 8 * DAY;
        runs(old, 1_200, 300);
        runs(Bench.NOW - 6 * DAY, 50, 0);
        assertTrue(retention.chunk());
        assertEquals(1_250 - ChunkPace.FEWEST_ROWS, count(), "one chunk at a time");
        sweep();
        assertEquals(300 + 50, count());
        assertEquals(300, bench.database.read(sql -> sql.one("SELECT COUNT(*) FROM natsjob_run WHERE state = 'running'", row -> row.longAt(1))).orElseThrow());
        assertFalse(retention.chunk());
        assertEquals(350, count());
    }

    @Test
    void a_run_that_was_open_during_one_sweep_goes_in_the_next() {
        long old = Bench.NOW - 8 * DAY;
        runs(old, 1_000, 1);
        sweep();
        assertEquals(1, count());
        bench.database.write(Priority.ANSWERS, sql -> RunTable.end(sql, List.of(end(RunIds.floor(old), old + 1_000))));
        retention.chunk();
        assertEquals(0, count());
    }

    private void sweep() {
        for (int chunks = 0; retention.chunk(); chunks++) {
            assertTrue(chunks < 200, "no end");
        }
    }

    @Test
    void a_run_of_old_id_that_ended_lately_stays() {
        long old = Bench.NOW - 8 * DAY;
        runs(old, 1, 1);
        bench.database.write(Priority.ANSWERS, sql -> RunTable.end(sql, List.of(end(RunIds.floor(old), Bench.NOW - DAY))));
        retention.chunk();
        assertEquals(1, count());
    }

    @Test
    void old_tallies_and_parked_answers_go_and_young_ones_stay() {
        bench.database.write(Priority.ANSWERS, sql -> {
            List<Tally> tallies = new ArrayList<>();
            for (long job = 1; job <= 600; job++) {
                tallies.add(Tally.one(job, "sent", Bench.NOW - 32 * DAY));
            }
            tallies.add(Tally.one(7, "sent", Bench.NOW - 29 * DAY));
            TallyTable.add(sql, 1, tallies);
            ParkedTable.insert(sql, Bench.NOW - 32 * DAY, "1", "", "old");
            ParkedTable.insert(sql, Bench.NOW - DAY, "2", "", "young");
            return null;
        });
        assertTrue(retention.chunk());
        sweep();
        assertEquals(1L, bench.tallies().get("sent"));
        assertEquals(List.of("young"), bench.database.read(sql -> ParkedTable.list(sql, 9)).stream().map(parked -> parked.reason()).toList());
    }

    @Test
    void steps_go_with_their_run_and_those_without_one_by_their_age() {
        long old = Bench.NOW - 8 * DAY;
        runs(old, 2, 1);
        long open = RunIds.floor(old);
        bench.database.write(Priority.STEPS, sql -> {
            List<Step> steps = new ArrayList<>();
            for (int i = 0; i < 1_200; i++) {
                steps.add(step(RunIds.floor(old) + i, 77));
            }
            steps.add(step(RunIds.floor(old) + 2_000, open));
            steps.add(step(RunIds.floor(old) + 2_001, open + 1));
            steps.add(step(RunIds.floor(Bench.NOW - DAY), 77));
            StepTable.insert(sql, steps);
            return null;
        });
        assertTrue(retention.chunk());
        assertTrue(steps() >= 1_203 - ChunkPace.MOST_ROWS && steps() < 1_203, "one chunk at a time");
        int chunks = 1;
        while (retention.chunk()) {
            assertTrue(++chunks <= 1_203 / ChunkPace.FEWEST_ROWS + 1, "it ends");
        }
        assertEquals(2, steps(), "of the open run, and the young one");
        assertFalse(retention.chunk());
        assertEquals(2, steps());
    }

    private static Step step(long id, long run) {
        return new Step(id, run, Bench.NAMES, new Step.Report("", "", "", "", "", "", "", null, null), 1, new Step.Origin(1, id));
    }

    private long steps() {
        return bench.database.read(sql -> sql.one("SELECT COUNT(*) FROM natsjob_step", row -> row.longAt(1))).orElseThrow();
    }

    /** Claims {@code count} runs at {@code at} and ends all but the first {@code open}. */
    private void runs(long at, int count, int open) {
        bench.database.write(Priority.CLAIM, sql -> {
            List<NewRun> rows = new ArrayList<>();
            List<RunEnd> ends = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long id = RunIds.floor(at) + i;
                rows.add(new NewRun(id, 7, 1, Bench.NAMES, RunTrigger.CRON, at + i, 1, at + 30_000, "", RunStep.MAIN, null));
                if (i >= open) {
                    ends.add(end(id, at + 1_000));
                }
            }
            RunTable.insert(sql, bench.term.number(), rows);
            return RunTable.end(sql, ends);
        });
    }

    private static RunEnd end(long id, long endedAt) {
        return new RunEnd(id, RunState.SUCCESS, "", "", "", "", endedAt, endedAt, endedAt);
    }

    private long count() {
        return bench.database.read(sql -> sql.one("SELECT COUNT(*) FROM natsjob_run", row -> row.longAt(1))).orElseThrow();
    }
}
