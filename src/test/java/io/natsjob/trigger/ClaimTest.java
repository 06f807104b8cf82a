package io.natsjob.trigger;

import static io.natsjob.trigger.World.second;
import static io.natsjob.trigger.World.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.App;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.Model;
import io.natsjob.job.Parts;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.store.AppTable;
import io.natsjob.store.JobTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.trigger.FailingDatabase.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** docs/rules.md 1 to 5, 8, 33 and 35. */
class ClaimTest {
    @TempDir
    Path folder;
    private World world;

    @BeforeEach
    void open() {
        world = new World(folder);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_claim_moves_claimed_before_the_fire_and_settled_only_after_it_was_decided() {
        Job job = world.job(Model.MAX);
        world.start();
        world.undecidedSeconds.addAll(seconds(2, 2));
        world.run(Duration.ofMillis(250));
        assertEquals(second(1), world.marks().claimed(), "claimed 750 ms ahead");
        assertEquals(List.of(second(1)), world.rows(job));
        assertEquals(List.of(), world.sent, "not sent before its time");
        world.runSeconds(5);
        assertEquals(seconds(1, 5), world.sentSeconds(job));
        assertEquals(second(6), world.marks().claimed());
        assertEquals(second(1), world.marks().settled(), "the second that nobody decided holds it");
        world.leader.decideAll();
        world.runSeconds(1);
        assertEquals(second(6), world.marks().settled());
    }

    @Test
    void what_was_decided_becomes_visible_in_the_transaction_that_moves_settled_over_it() {
        Job job = world.job(Model.MAX);
        Job plus = world.job(Model.PLUS);
        world.refusal = fire -> fire.recorded() ? SkipReason.CONCURRENCY : null;
        world.start();
        for (int n = 1; n < 40; n++) {
            world.run(Duration.ofMillis(250));
            long settled = (world.marks().settled() - World.START) / 1_000;
            assertEquals(settled, world.tallies(job).getOrDefault("concurrency", 0L));
            assertEquals(settled, world.tallies(plus).getOrDefault("sent", 0L));
            assertTrue(world.rows(job).stream().allMatch(at -> at > second((int) settled)), "a refused claim goes with its tally");
        }
    }

    @Test
    void a_lonely_fire_is_settled_by_the_next_tick_though_nothing_else_is_to_be_written() {
        world.job(Model.MAX, "5 0 10 * * *");
        world.start();
        world.runSeconds(6);
        assertEquals(second(5), world.marks().settled());
        long writes = world.database.durableWrites;
        world.runSeconds(20);
        assertEquals(writes, world.database.durableWrites, "once");
    }

    @Test
    void nothing_is_claimed_or_sent_and_the_leader_steps_down_once_another_raised_the_term() {
        Job job = world.job(Model.MAX);
        Job lite = world.job(Model.LITE);
        world.start();
        world.runSeconds(3);
        long claimed = world.marks().claimed();
        world.database.write(Priority.EDIT, sql -> LeaderTable.raiseTerm(sql, world.marks().term()));
        List<Long> rows = world.rows(job);
        Map<String, Long> told = world.tallies(lite);
        world.runSeconds(5);
        assertEquals(rows, world.rows(job));
        assertEquals(told, world.tallies(lite));
        assertEquals(claimed, world.marks().claimed());
        assertFalse(world.leader.leadership.leads());
        assertTrue(world.sentSeconds(job).size() <= 4, "only what was claimed before");
    }

    /** docs/rules.md 20. */
    @Test
    void the_workers_of_ultra_are_in_the_row_and_ids_for_their_parts_stay_free() {
        Job ultra = world.job(Model.ULTRA);
        Job max = world.job(Model.MAX);
        world.workers = job -> world.time.millis() < second(2) ? Parts.one("w1") : null;
        world.start();
        world.runSeconds(4);
        List<Fire> fires = world.leader.handedOn.stream().flatMap(batch -> batch.fires().stream()).filter(fire -> fire.job().id() == ultra.id()).toList();
        for (Fire fire : fires) {
            Parts row = world.database.read(sql -> RunTable.find(sql, fire.runId())).orElseThrow().parts();
            assertEquals(row, fire.parts());
        }
        assertEquals(Parts.one("w1"), fires.getFirst().parts());
        assertEquals(null, fires.getLast().parts(), "picked when it is sent");
        List<Long> ids = world.database.read(sql -> sql.list("SELECT id FROM natsjob_run ORDER BY id", row -> row.longAt(1)));
        Set<Long> ultraIds = fires.stream().map(Fire::runId).collect(Collectors.toSet());
        for (int i = 1; i < ids.size(); i++) {
            if (ultraIds.contains(ids.get(i - 1))) {
                assertTrue(ids.get(i) > ids.get(i - 1) + 1, "the sub-id is no run's");
            }
        }
        assertEquals(fires.size(), world.rows(max).size());
    }

    @Test
    void every_due_fire_is_claimed_whatever_runs_already() {
        Job job = world.job(Model.MAX);
        world.refusal = fire -> fire.fireAt() > second(1) ? SkipReason.CONCURRENCY : null;
        world.start();
        for (int n = 1; n <= 5; n++) {
            world.runSeconds(1);
            assertTrue(world.rows(job).contains(second(n + 1)) || world.rows(job).contains(second(n)), "claimed though one is open");
        }
        assertEquals(List.of(second(1)), world.sentSeconds(job));
    }

    @Test
    void a_second_of_many_fires_is_claimed_in_chunks_and_handed_on_after_the_last() {
        int jobs = 2 * TickWriter.MAX_CHUNK_ROWS + 10;
        world.start();
        world.runSeconds(1);
        List<Job> many = new ArrayList<>();
        App app = world.app();
        for (int i = 0; i < jobs; i++) {
            many.add(new Job(1_000 + i, 1, app, World.spec("j" + i, World.EVERY_SECOND, Model.MAX, true, "", world.clock.millis()), 0, 0));
        }
        many.forEach(job -> world.leader.roster.put(job, second(1)));
        long before = world.marks().claimed();
        List<Long> claimedAtWrite = new ArrayList<>();
        world.database.fates(() -> {
            claimedAtWrite.add(world.marks().claimed());
            assertTrue(world.leader.handedOn.stream().noneMatch(batch -> batch.recorded() && batch.fireAt() == second(2)), "handed on too early");
            return Fate.DONE;
        });
        world.run(Duration.ofMillis(250));
        assertEquals(List.of(before, before, before), claimedAtWrite, "chunks before the last leave claimed where it is");
        assertEquals(second(2), world.marks().claimed());
        FireBatch batch = world.leader.handedOn.stream().filter(each -> each.recorded() && each.fireAt() == second(2)).findFirst().orElseThrow();
        assertEquals(jobs, batch.fires().size());
    }

    @Test
    void a_second_that_lost_a_chunk_is_counted_and_its_rows_go() {
        List<Job> many = jobs(TickWriter.MAX_CHUNK_ROWS + 1);
        world.start();
        world.database.fates(Fate.DONE, Fate.AWAY);
        world.runSeconds(3);
        Job one = many.getFirst();
        assertEquals(Map.of("db-down", 1L), world.tallies(one));
        assertEquals(seconds(2, 4).subList(0, 2), world.rows(one).stream().filter(at -> at < second(4)).toList());
        assertEquals(seconds(2, 3), world.sentSeconds(one));
    }

    @Test
    void a_second_that_a_crash_left_half_claimed_is_counted_as_missed_and_its_rows_go() {
        List<Job> many = jobs(TickWriter.MAX_CHUNK_ROWS + 1);
        world.start();
        world.database.fates(Fate.DONE, Fate.AWAY);
        world.run(Duration.ofMillis(250));
        assertEquals(List.of(second(1)), world.rows(many.getLast()), "half of the second is in the database");
        assertEquals(List.of(), world.rows(many.getFirst()));
        world.crash(Duration.ofSeconds(5));
        for (Job job : List.of(many.getFirst(), many.getLast())) {
            assertEquals(List.of(), world.rows(job));
            assertEquals(Map.of("missed", 5L), world.tallies(job));
        }
        assertEquals(List.of(), world.left);
    }

    private List<Job> jobs(int count) {
        List<Job> many = new ArrayList<>();
        world.database.write(Priority.EDIT, sql -> {
            for (int i = 0; i < count; i++) {
                Job job = new Job(1_000 + i, 1, AppTable.findByName(sql, "app", "biz").orElseThrow(),
                        World.spec("j" + i, World.EVERY_SECOND, Model.MAX, true, "", world.clock.millis()), 0, 0);
                many.add(JobTable.insert(sql, job, 1));
            }
            return null;
        });
        return many;
    }

    @Test
    void a_claim_that_comes_over_30_s_late_is_a_misfire_and_one_just_below_is_sent() {
        Job job = world.job(Model.MAX);
        world.start();
        world.claimerStalled = true;
        world.run(Duration.ofMillis(1_000 + 29_750));
        world.claimerStalled = false;
        world.runSeconds(1);
        assertTrue(world.sentSeconds(job).contains(second(2)), "29 s late");
        world.claimerStalled = true;
        world.runSeconds(40);
        world.claimerStalled = false;
        world.runSeconds(3);
        assertEquals(world.marks().claimed(), second(76 - 1), "all is caught up");
        assertEquals(75, world.rows(job).size() + world.tallied(job));
        assertTrue(world.tallied(job) >= 9, "those over 30 s late: " + world.tallies(job));
        assertEquals(Set.of("db-down"), world.tallies(job).keySet(), "they are not claimed any more, so dispatch has none to refuse");
    }

    @Test
    void more_fires_than_the_queue_takes_are_still_claimed_when_they_are_one_second() {
        int jobs = Claimer.QUEUED_FIRES + 1;
        world.start();
        App app = world.app();
        for (int i = 0; i < jobs; i++) {
            world.leader.roster.put(new Job(1_000 + i, 1, app, World.spec("j", World.EVERY_SECOND, Model.MAX, true, "", World.START), 0, 0), World.START);
        }
        world.claimerStalled = true;
        world.run(Duration.ofMillis(250));
        assertTrue(world.leader.handedOn.stream().noneMatch(FireBatch::recorded), "waits for its claim, is not given up");
    }

    @Test
    void a_lost_answer_of_a_commit_is_looked_up_and_the_fire_goes_out_once() {
        for (Fate fate : List.of(Fate.LOST_AFTER_COMMIT, Fate.LOST_BEFORE_COMMIT)) {
            Job job = world.job(Model.MAX);
            Job plus = world.job(Model.PLUS);
            world.start();
            int from = (int) ((world.clock.millis() - World.START) / 1_000);
            world.runSeconds(2);
            world.database.fates(fate);
            world.runSeconds(3);
            world.leader.stop();
            int to = (int) ((world.marks().claimed() - World.START) / 1_000);
            assertEquals(seconds(from + 1, to), world.sentSeconds(job), fate::name);
            assertEquals(seconds(from + 1, to), world.rows(job));
            assertEquals(Map.of(), world.tallies(job));
            assertEquals(Map.of("sent", (long) to - from), world.tallies(plus));
        }
    }

    @Test
    void a_lost_answer_that_cannot_be_looked_up_holds_its_second_until_it_is_known() {
        Job job = world.job(Model.MAX);
        Job plus = world.job(Model.PLUS);
        world.start();
        world.runSeconds(2);
        world.database.fates(Fate.LOST_AFTER_COMMIT, Fate.AWAY, Fate.AWAY);
        world.runSeconds(5);
        world.leader.stop();
        assertEquals(new HashSet<>(world.rows(job)), new HashSet<>(world.sentSeconds(job)));
        assertEquals(world.rows(job).size(), world.sentSeconds(job).size());
        assertEquals(Map.of(), world.tallies(job), "handed on late, not counted");
        assertEquals(world.rows(job).size(), world.tallied(plus));
    }

    @Test
    void decisions_that_were_written_without_a_tick_and_whose_answer_was_lost_are_counted_once() {
        for (Fate fate : List.of(Fate.LOST_AFTER_COMMIT, Fate.LOST_BEFORE_COMMIT)) {
            Job plus = world.job(Model.PLUS);
            world.start();
            world.runSeconds(2);
            world.database.fates(fate, Fate.AWAY);
            world.clock.tick(Duration.ofMillis(Claimer.QUIET_MILLIS + 100));
            world.leader.claimer.step();
            world.runSeconds(4);
            world.leader.stop();
            assertEquals(world.sentSeconds(plus).size(), world.tallied(plus), fate::name);
        }
    }

    @Test
    void a_key_that_another_claim_holds_is_not_handed_on_and_mine_of_an_earlier_try_is() {
        Job other = world.job(Model.MAX);
        Job mine = world.job(Model.MAX);
        world.start();
        world.database.write(Priority.EDIT, sql -> {
            RunTable.insert(sql, 0, List.of(new NewRun(5, other.id(), 1, RunNames.of(other), RunTrigger.CRON, second(2), 1, second(100), "", RunStep.MAIN, null)));
            return null;
        });
        world.runSeconds(3);
        assertEquals(List.of(second(1), second(3)), world.sentSeconds(other));
        assertEquals(seconds(1, 3), world.sentSeconds(mine));
        assertEquals(seconds(1, 3), world.rows(other));
    }

    @Test
    void marks_that_move_are_durable_and_a_tick_without_fires_writes_only_for_answers_and_once_a_minute() {
        world.start();
        world.runSeconds(3);
        world.database.durableWrites = 0;
        long claimed = world.marks().claimed();
        world.runSeconds(5);
        assertEquals(0, world.database.durableWrites, "nothing to write");
        world.answers.committed = 7;
        world.runSeconds(1);
        assertEquals(1, world.database.durableWrites, "answers of workers became durable with the marks");
        assertEquals(7, world.answers.durable);
        assertTrue(world.marks().claimed() > claimed);
        world.database.durableWrites = 0;
        world.runSeconds(61);
        assertEquals(1, world.database.durableWrites, "once a minute");
        Job job = world.job(Model.MAX);
        world.database.durableWrites = 0;
        world.runSeconds(10);
        assertEquals(10, world.database.durableWrites, "one a tick");
        assertEquals(10, world.rows(job).size());
    }

    @Test
    void answers_do_not_become_durable_by_a_transaction_that_failed() {
        world.job(Model.MAX);
        world.start();
        world.runSeconds(2);
        world.answers.committed = 9;
        world.database.away(true);
        world.runSeconds(2);
        assertEquals(0, world.answers.durable);
        world.database.away(false);
        world.runSeconds(2);
        assertEquals(9, world.answers.durable);
    }

    @Test
    void a_failure_to_note_the_oldest_open_run_costs_no_fire_and_does_not_stop_settling() {
        Job job = world.job(Model.MAX, "*/7 * * * * *");
        world.start();
        world.runSeconds(9);
        world.database.awayForPlainWrites = true;
        world.runSeconds(5);
        world.database.awayForPlainWrites = false;
        assertEquals(0, world.marks().oldestOpenId());
        world.runSeconds(20);
        assertTrue(world.marks().oldestOpenId() > 0);
        assertEquals(List.of(second(7), second(14), second(21), second(28)), world.sentSeconds(job));
        world.leader.stop();
        assertTrue(world.marks().settled() >= second(28), "settling went on");
    }

    @Test
    void the_oldest_open_run_is_never_noted_beyond_what_is_not_settled() {
        world.job(Model.MAX);
        world.start();
        world.undecidedSeconds.add(second(5));
        world.runSeconds(150);
        long noted = world.marks().oldestOpenId();
        assertTrue(noted > 0);
        assertTrue(noted < second(5) << 20, "a refused claim of that second is only in the database");
    }

    @Test
    void ids_grow_and_go_on_behind_the_greatest_in_the_database() {
        Job job = world.job(Model.MAX);
        world.start();
        world.database.write(Priority.EDIT, sql -> {
            RunTable.insert(sql, 0, List.of(new NewRun((second(500) << 20) + 3, 1, 1, RunNames.of(job), RunTrigger.CRON, second(-5), 1, second(100), "", RunStep.MAIN, null)));
            return null;
        });
        world.crash(Duration.ZERO);
        world.runSeconds(3);
        List<Long> ids = world.sent.stream().map(World.Sent::runId).toList();
        assertEquals(List.of((second(500) << 20) + 4, (second(500) << 20) + 5, (second(500) << 20) + 6), ids);
    }
}
