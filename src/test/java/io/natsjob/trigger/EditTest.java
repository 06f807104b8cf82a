package io.natsjob.trigger;

import static io.natsjob.trigger.World.second;
import static io.natsjob.trigger.World.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Model;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Priority;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edit takes effect at max(its time, claimed) (docs/rules.md 22). Each is made 500 ms before second 4, which is claimed then. */
class EditTest {
    @TempDir
    Path folder;
    private World world;
    private Job job;

    @BeforeEach
    void open() {
        world = new World(folder);
        job = world.job(Model.MAX);
        world.start();
        world.run(Duration.ofMillis(3_500));
        assertEquals(second(4), world.marks().claimed());
    }

    @AfterEach
    void close() {
        world.close();
    }

    private JobSpec spec(String schedule, boolean enabled, String args, long anchor) {
        return World.spec(job.name(), schedule, Model.MAX, enabled, args, anchor);
    }

    private void after(Map<String, Long> tallies, List<Long> sent) {
        world.runSeconds(4);
        assertEquals(tallies, world.tallies(job));
        assertEquals(sent, world.sentSeconds(job));
        assertEquals(sent, world.rows(job).stream().filter(at -> at <= second(7)).toList());
    }

    @Test
    void other_args_go_out_with_the_fire_that_was_claimed() {
        world.change(job, spec(World.EVERY_SECOND, true, "new", job.spec().timing().anchor()));
        after(Map.of(), seconds(1, 7));
        assertEquals(List.of("args", "args", "args", "new", "new", "new", "new"), world.sent.stream().map(World.Sent::args).toList());
    }

    @Test
    void a_schedule_that_no_longer_fires_drops_the_claim() {
        world.change(job, spec("0 0 0 1 1 *", true, "args", world.clock.millis()));
        after(Map.of("changed", 1L), seconds(1, 3));
    }

    @Test
    void a_schedule_that_still_fires_then_keeps_the_claim() {
        world.change(job, spec("*/2 * * * * *", true, "args", world.clock.millis()));
        after(Map.of(), List.of(second(1), second(2), second(3), second(4), second(6)));
    }

    @Test
    void a_disabled_job_drops_the_claim() {
        world.change(job, spec(World.EVERY_SECOND, false, "args", world.clock.millis()));
        after(Map.of("changed", 1L), seconds(1, 3));
    }

    @Test
    void a_deleted_job_drops_the_claim_and_another_in_its_slot_does_not_take_it_over() {
        world.delete(job);
        Job other = world.job(Model.MAX);
        after(Map.of("changed", 1L), seconds(1, 3));
        assertEquals(seconds(5, 7), world.sentSeconds(other), "claimed from the next second on");
    }

    @Test
    void a_job_made_anew_under_the_same_name_is_another() {
        world.delete(job);
        Job again = world.database.write(Priority.EDIT, sql -> JobTable.insert(sql, new Job(900, 1, job.app(), spec(World.EVERY_SECOND, true, "again",
                world.clock.millis()), 0, 0), LeaderTable.nextChange(sql)));
        world.leader.watch();
        after(Map.of("changed", 1L), seconds(1, 3));
        assertEquals(seconds(5, 7), world.sentSeconds(again));
    }

    @Test
    void an_app_that_goes_takes_its_jobs_along() {
        world.database.write(Priority.EDIT, sql -> sql.update("UPDATE natsjob_app SET enabled = 0, change_seq = ? WHERE id = 1", LeaderTable.nextChange(sql)));
        world.leader.watch();
        after(Map.of("changed", 1L), seconds(1, 3));
    }

    @Test
    void a_job_edited_while_its_second_waits_for_the_claim_is_judged_when_it_is_sent() {
        world.claimerStalled = true;
        world.runSeconds(1);
        world.change(job, spec("0 0 0 1 1 *", true, "args", world.clock.millis()));
        world.claimerStalled = false;
        after(Map.of("changed", 1L), seconds(1, 4));
    }
}
