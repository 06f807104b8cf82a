package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.store.AppTable;
import io.natsjob.store.GapTable;
import io.natsjob.store.JobTable;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.Priority;
import io.natsjob.trigger.FailingDatabase.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Evaluation and making up, interrupted at each of their transactions: whatever is lost, the one that goes on doubles nothing and loses
 * nothing (docs/rules.md 5 and 34).
 */
class MisfireCrashTest {
    /** More than two chunks of the evaluation, and more than the queue hands on at once. */
    private static final int JOBS = 11_000;
    private static final int MAKING_UP = 700;
    private static final int OUTAGE = 10;

    @TempDir
    Path folder;
    private World world;
    private final List<Job> jobs = new ArrayList<>();

    /** Jobs that fire once in the outage; the first of them make it up. */
    @BeforeEach
    void open() {
        world = new World(folder);
        world.database.write(Priority.EDIT, sql -> {
            for (int i = 0; i < JOBS; i++) {
                var spec = World.misfire(World.spec("j" + i, "5 0 10 * * *", Model.MAX, true, "", World.START), i < MAKING_UP ? Misfire.FIRE_ONCE : Misfire.SKIP, 1);
                jobs.add(JobTable.insert(sql, new Job(1_000 + i, 1, AppTable.findByName(sql, "app", "biz").orElseThrow(), spec, 0, 0), 1));
            }
            return null;
        });
        world.start();
        world.runSeconds(2);
    }

    @AfterEach
    void close() {
        world.close();
    }

    static Stream<Arguments> interruptions() {
        List<Arguments> all = new ArrayList<>();
        for (int writes = 1; writes <= 8; writes++) {
            for (Fate fate : List.of(Fate.AWAY, Fate.LOST_AFTER_COMMIT, Fate.LOST_BEFORE_COMMIT)) {
                all.add(Arguments.of(writes, fate, false));
                all.add(Arguments.of(writes, fate, true));
            }
        }
        return all.stream();
    }

    /** @param writes that are done after the take-over, before the one that fails */
    @ParameterizedTest
    @MethodSource("interruptions")
    void whatever_is_interrupted_each_fire_is_made_up_or_counted_once(int writes, Fate fate, boolean crash) {
        int[] left = {writes + 1};
        world.database.fates(() -> {
            left[0]--;
            return left[0] >= 0 ? Fate.DONE : left[0] == -1 || crash ? fate : Fate.DONE;
        });
        world.crash(Duration.ofSeconds(OUTAGE));
        world.run(Duration.ofMillis(1_500));
        if (crash) {
            world.database.fates();
            world.crash(Duration.ofMillis(300));
        }
        world.runSeconds(8);
        assertTrue(left[0] < 0, "the failure came");
        assertEquals(List.of(), world.database.read(GapTable::all));
        assertEquals(List.of(), world.database.read(sql -> MisfireTable.first(sql, 1)));
        once(fate, crash);
    }

    private void once(Fate fate, boolean crash) {
        List<Long> rows = numbers("SELECT job_id FROM natsjob_run");
        List<Long> counted = numbers("SELECT job_id FROM natsjob_tally WHERE outcome = 'missed' AND amount = 1");
        assertEquals(jobs.stream().limit(MAKING_UP).map(Job::id).toList(), rows);
        assertEquals(jobs.stream().skip(MAKING_UP).map(Job::id).toList(), counted);
        List<Long> sent = world.sent.stream().map(World.Sent::jobId).toList();
        Set<Long> once = new HashSet<>(sent);
        assertEquals(sent.size(), once.size(), "sent twice");
        // Committed, but the one who did it never knew: left to their deadline.
        int unknown = crash && fate == Fate.LOST_AFTER_COMMIT ? MakeUp.AT_ONCE : 0;
        assertTrue(sent.size() >= MAKING_UP - unknown, "sent " + sent.size());
    }

    private List<Long> numbers(String select) {
        return world.database.read(sql -> sql.list(select + " ORDER BY job_id", row -> row.longAt(1)));
    }

    @Test
    void another_leader_that_takes_over_while_it_goes_on_stops_it() {
        world.leader.stop();
        world.crash(Duration.ofSeconds(OUTAGE));
        world.run(Duration.ofMillis(250));
        int before = numbers("SELECT job_id FROM natsjob_run").size();
        assertTrue(before < MAKING_UP, "not all yet: " + before);
        World.Leader old = world.leader;
        world.start();
        for (int n = 0; n < 20; n++) {
            world.clock.tick(Duration.ofMillis(250));
            old.turn();
        }
        assertTrue(!old.leadership.leads());
        assertEquals(before, numbers("SELECT job_id FROM natsjob_run").size(), "nothing by the old one");
        world.runSeconds(5);
        once(Fate.AWAY, false);
    }
}
