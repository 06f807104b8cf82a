package io.natsjob.trigger;

import static io.natsjob.trigger.World.second;
import static io.natsjob.trigger.World.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.Timing;
import io.natsjob.store.GapTable;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.MissedFire;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each misfire policy makes of each kind of outage (docs/rules.md 4, 8, 31 and 34). */
class MisfirePolicyTest {
    private static final int ALL = 1_000;

    /** An outage of about 40 s, and the reason under which its fires are counted. */
    enum Cause {
        RESTART("missed", world -> world.crash(Duration.ofSeconds(40))),
        CLEAN_RESTART("missed", world -> {
            world.leader.stop();
            world.crash(Duration.ofSeconds(40));
        }),
        NATS("nats-down", world -> {
            world.natsDown = true;
            world.runSeconds(40);
            world.natsDown = false;
        }),
        NATS_FROM_A_CLAIM_ON("nats-down", world -> {
            world.run(Duration.ofMillis(250));
            world.natsDown = true;
            world.runSeconds(40);
            world.natsDown = false;
        }),
        DATABASE("db-down", world -> {
            world.database.away(true);
            world.runSeconds(40);
            world.database.away(false);
        }),
        PAUSE("paused", world -> {
            world.pause(PauseTable.ALL);
            world.runSeconds(40);
            world.resume(PauseTable.ALL);
        }),
        PAUSE_FROM_A_CLAIM_ON("paused", world -> {
            world.run(Duration.ofMillis(250));
            world.pause(PauseTable.ALL);
            world.runSeconds(40);
            world.resume(PauseTable.ALL);
        }),
        CLOCK("clock", world -> world.clock.setWall(world.clock.millis() + 40_000)),
        SUSPENDED("missed", world -> {
            world.run(Duration.ofMillis(250));
            world.clock.tick(Duration.ofSeconds(40));
        }),
        LATE_CLAIMS("db-down", world -> {
            world.claimerStalled = true;
            world.runSeconds(40);
            world.claimerStalled = false;
        });

        private final String reason;
        private final Consumer<World> outage;

        Cause(String reason, Consumer<World> outage) {
            this.reason = reason;
            this.outage = outage;
        }
    }

    @TempDir
    Path folder;
    private World world;
    private Job skip;
    private Job once;
    private Job five;
    private Job all;

    @BeforeEach
    void open() {
        world = new World(folder);
        skip = world.job(World.EVERY_SECOND, Misfire.SKIP, ALL);
        once = world.job(World.EVERY_SECOND, Misfire.FIRE_ONCE, ALL);
        five = world.job(World.EVERY_SECOND, Misfire.FIRE_ALL, 5);
        all = world.job(World.EVERY_SECOND, Misfire.FIRE_ALL, ALL);
        world.start();
        world.runSeconds(3);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private List<Long> sent(Job job, RunTrigger trigger) {
        return world.sent.stream().filter(each -> each.jobId() == job.id() && each.trigger() == trigger).map(World.Sent::fireAt).toList();
    }

    private static List<Long> newest(List<Long> seconds, int count) {
        return seconds.subList(Math.max(0, seconds.size() - count), seconds.size());
    }

    /** The seconds up to the claimed mark that the job which skips has neither sent nor a row of. */
    private List<Long> missed() {
        List<Long> missed = new ArrayList<>();
        List<Long> rows = world.rows(skip);
        for (long at = second(1); at <= world.marks().claimed(); at += 1_000) {
            if (!rows.contains(at)) {
                missed.add(at);
            }
        }
        return missed;
    }

    @ParameterizedTest
    @EnumSource
    void each_policy_makes_up_exactly_what_it_promises_and_the_rest_is_counted(Cause cause) {
        cause.outage.accept(world);
        world.runSeconds(5);
        List<Long> missed = missed();
        assertTrue(missed.size() >= 9, "about 40, of late claims those over 30 s late: " + missed.size());
        assertEquals(Map.of(cause.reason, (long) missed.size()), world.tallies(skip));
        assertEquals(List.of(), sent(skip, RunTrigger.MISFIRE));
        check(once, newest(missed, 1), missed.size() - 1, cause);
        check(five, newest(missed, 5), missed.size() - 5, cause);
        check(all, missed, 0, cause);
    }

    private void check(Job job, List<Long> madeUp, long counted, Cause cause) {
        assertEquals(madeUp, sent(job, RunTrigger.MISFIRE), "nominal times, oldest first");
        assertEquals(madeUp, world.madeUp(job), "its rows");
        assertEquals(counted == 0 ? Map.of() : Map.of(cause.reason, counted), world.tallies(job), "what is made up is not counted too");
        assertEquals(sent(skip, RunTrigger.CRON), sent(job, RunTrigger.CRON), "its other fires");
        assertEquals(List.of(), world.queued(job));
    }

    @ParameterizedTest
    @EnumSource
    void jobs_without_a_row_make_nothing_up(Cause cause) {
        List<Job> jobs = List.of(world.job(Model.LITE), world.job(Model.PLUS));
        cause.outage.accept(world);
        world.runSeconds(5);
        assertTrue(world.sent.stream().filter(each -> jobs.stream().anyMatch(job -> job.id() == each.jobId())).allMatch(each -> each.trigger() == RunTrigger.CRON));
    }

    @Test
    void a_daily_fire_that_was_claimed_when_nats_went_is_made_up() {
        Job daily = world.job("4 0 10 * * *", Misfire.FIRE_ONCE, 1);
        Job skips = world.job("4 0 10 * * *", Misfire.SKIP, 1);
        world.run(Duration.ofMillis(250));
        assertEquals(List.of(second(4)), world.rows(daily));
        world.natsDown = true;
        world.runSeconds(10);
        assertEquals(List.of(), world.rows(daily), "no run that waits");
        assertEquals(List.of(second(4)), world.queued(daily));
        world.natsDown = false;
        world.runSeconds(3);
        assertEquals(List.of(second(4)), sent(daily, RunTrigger.MISFIRE));
        assertEquals(Map.of(), world.tallies(daily));
        assertEquals(Map.of("nats-down", 1L), world.tallies(skips));
    }

    @Test
    void a_daily_fire_that_a_suspended_machine_had_claimed_is_made_up() {
        Job daily = world.job("4 0 10 * * *", Misfire.FIRE_ONCE, 1);
        world.run(Duration.ofMillis(250));
        world.clock.tick(Duration.ofSeconds(100));
        world.runSeconds(3);
        assertEquals(List.of(second(4)), sent(daily, RunTrigger.MISFIRE));
        assertEquals(Map.of(), world.tallies(daily));
    }

    @Test
    void a_fire_that_waits_to_be_made_up_survives_a_crash() {
        Job daily = world.job("4 0 10 * * *", Misfire.FIRE_ONCE, 1);
        world.run(Duration.ofMillis(250));
        world.natsDown = true;
        world.runSeconds(10);
        world.crash(Duration.ofSeconds(20));
        world.natsDown = false;
        world.runSeconds(3);
        assertEquals(List.of(second(4)), sent(daily, RunTrigger.MISFIRE));
        assertEquals(Map.of("missed", 29L, "nats-down", 1L), world.tallies(skip), "the marks stood still, so the rest is the restart's");
    }

    @Test
    void the_newest_of_two_outages_in_a_row_is_made_up_once() {
        world.run(Duration.ofMillis(250));
        world.natsDown = true;
        world.runSeconds(10);
        world.crash(Duration.ofSeconds(20));
        world.natsDown = false;
        world.runSeconds(3);
        // Each outage is one: NATS from second 4 on, whose claim waits for the rest of it, which turns out to be the restart's.
        assertEquals(List.of(second(33)), sent(once, RunTrigger.MISFIRE));
        assertEquals(Map.of("nats-down", 1L, "missed", 28L), world.tallies(once));
    }

    @Test
    void while_nats_is_away_after_a_start_nothing_is_made_up_but_all_is_evaluated() {
        world.natsDown = true;
        world.crash(Duration.ofSeconds(30));
        world.runSeconds(10);
        assertEquals(30L, world.tallies(skip).get("missed"));
        assertEquals(List.of(), world.madeUp(once));
        assertEquals(1, world.queued(once).size());
        world.natsDown = false;
        world.runSeconds(3);
        assertEquals(2, world.madeUp(once).size(), "one for each outage");
    }

    @Test
    void a_time_at_which_the_job_was_disabled_is_never_made_up() {
        Job daily = world.job("20 0 10 * * *", Misfire.FIRE_ALL, ALL);
        Job job = world.change(all, World.misfire(World.spec(all.spec().name(), World.EVERY_SECOND, Model.MAX, false, "", World.START), Misfire.FIRE_ALL, ALL));
        world.leader.stop();
        world.leader = null;
        world.clock.tick(Duration.ofSeconds(20));
        world.change(job, World.misfire(World.spec(all.spec().name(), World.EVERY_SECOND, Model.MAX, true, "", world.clock.millis()), Misfire.FIRE_ALL, ALL));
        long enabled = world.clock.millis();
        world.crash(Duration.ofSeconds(10));
        world.runSeconds(3);
        assertEquals(10, sent(all, RunTrigger.MISFIRE).size());
        assertTrue(sent(all, RunTrigger.MISFIRE).stream().allMatch(at -> at > enabled));
        assertEquals(List.of(second(20)), sent(daily, RunTrigger.MISFIRE));
    }

    @Test
    void a_fire_outside_the_window_of_its_job_is_none() {
        JobSpec spec = all.spec();
        Timing t = spec.timing();
        Timing window = new Timing(t.schedule(), t.zone(), t.anchor(), second(10), second(14), t.misfire(), t.misfireMax());
        world.change(all, new JobSpec(spec.name(), "", true, window, spec.route(), spec.limits(), ""));
        int before = world.sent.size();
        world.crash(Duration.ofSeconds(40));
        world.runSeconds(3);
        assertEquals(seconds(10, 14), world.sent.stream().skip(before).filter(each -> each.jobId() == all.id()).map(World.Sent::fireAt).toList());
        assertEquals(0L, world.tallied(all));
    }

    @Test
    void a_job_edited_while_its_fires_wait_loses_those_that_it_no_longer_has() {
        world.natsDown = true;
        world.crash(Duration.ofSeconds(30));
        world.runSeconds(1);
        world.delete(once);
        world.change(five, World.misfire(World.spec(five.spec().name(), World.EVERY_SECOND, Model.MAX, false, "", World.START), Misfire.FIRE_ALL, 5));
        world.change(all, World.misfire(all.spec(), Misfire.SKIP, ALL));
        world.natsDown = false;
        world.runSeconds(3);
        assertEquals(1L, world.tallies(once).get("changed"));
        assertEquals(5L, world.tallies(five).get("changed"));
        assertEquals(30L, world.tallies(all).get("missed"));
        assertEquals(List.of(), world.madeUp(all));
    }

    @Test
    void one_that_is_refused_for_concurrency_is_counted_so_and_its_row_goes() {
        world.refusal = fire -> fire.trigger() == RunTrigger.MISFIRE && fire.job().id() == five.id() && fire.fireAt() < second(33)
                ? SkipReason.CONCURRENCY : null;
        world.crash(Duration.ofSeconds(30));
        world.runSeconds(4);
        assertEquals(List.of(second(33)), world.madeUp(five));
        assertEquals(Map.of("missed", 25L, "concurrency", 4L), world.tallies(five));
    }

    @Test
    void a_fire_that_waits_twice_is_made_up_once_and_stops_nobody() {
        world.crash(Duration.ofSeconds(30));
        MissedFire twice = new MissedFire(0, once.id(), second(33), "missed", true);
        world.database.write(Priority.CLAIM, sql -> {
            MisfireTable.add(sql, List.of(twice));
            return null;
        });
        world.runSeconds(4);
        assertEquals(List.of(second(33)), world.madeUp(once));
        assertEquals(seconds(29, 33), world.madeUp(five));
        assertEquals(List.of(), world.database.read(sql -> MisfireTable.first(sql, 1)));
    }

    @Test
    void a_stop_leaves_the_evaluation_to_the_end_where_it_has_a_limit() {
        world.clock.tick(Duration.ofSeconds(30));
        world.time = new SteadyTime(world.clock);
        world.claimerStalled = true;
        world.start();
        world.leader.claimer.close();
        assertNotEquals(List.of(), world.database.read(GapTable::all));
        world.leader.claimer.settle();
        assertEquals(List.of(), world.database.read(GapTable::all));
    }

    @Test
    void one_that_nats_refuses_again_is_made_up_when_nats_is_back() {
        world.crash(Duration.ofSeconds(30));
        world.run(Duration.ofMillis(250));
        world.refusal = fire -> fire.trigger() == RunTrigger.MISFIRE ? SkipReason.NATS_DOWN : null;
        world.run(Duration.ofMillis(750));
        world.refusal = fire -> null;
        world.runSeconds(4);
        check(once, List.of(second(33)), 29, Cause.RESTART);
        check(five, seconds(29, 33), 25, Cause.RESTART);
    }

    @Test
    void a_thousand_a_second_at_most_are_made_up_in_the_order_of_their_ids() {
        world.crash(Duration.ofSeconds(2_000));
        int before = world.sent.size();
        List<Long> bySecond = new ArrayList<>();
        for (int n = 0; n < 4; n++) {
            long soFar = made();
            for (int step = 0; step < 50; step++) {
                world.clock.tick(Duration.ofMillis(20));
                world.leader.turn();
            }
            bySecond.add(made() - soFar);
        }
        assertEquals(1_006, made(), "1 + 5 + 1,000");
        assertTrue(bySecond.stream().allMatch(count -> count <= MakeUp.PER_SECOND + MakeUp.AT_ONCE && count < 1_006), bySecond.toString());
        List<Long> ids = world.sent.stream().skip(before).filter(each -> each.trigger() == RunTrigger.MISFIRE).map(World.Sent::runId).toList();
        assertEquals(ids.stream().sorted().toList(), ids);
        assertEquals(1_000, world.madeUp(all).size());
        assertEquals(Map.of("missed", 1_000L), world.tallies(skip), "at least");
    }

    private long made() {
        return world.sent.stream().filter(each -> each.trigger() == RunTrigger.MISFIRE).count();
    }

    @Test
    void an_outage_is_one_tally_in_the_hour_of_its_end_with_the_newest_fire_that_is_counted() {
        Job rare = world.job("0 30 * * * *", Misfire.SKIP, 1);
        Job newestMadeUp = world.job("0 30 * * * *", Misfire.FIRE_ONCE, 1);
        world.crash(Duration.ofMinutes(130));
        long hour = World.START + 2 * Tally.HOUR_MILLIS;
        assertEquals(List.of(new Tally(rare.id(), hour, "missed", 2, World.START + 90 * 60_000L)), tallies(rare));
        assertEquals(List.of(new Tally(newestMadeUp.id(), hour, "missed", 1, World.START + 30 * 60_000L)), tallies(newestMadeUp));
    }

    private List<Tally> tallies(Job job) {
        return world.database.read(sql -> TallyTable.of(sql, job.id(), 0, Long.MAX_VALUE));
    }

    @Test
    void a_disabled_app_a_disabled_job_and_a_deleted_one_miss_nothing() {
        Job disabled = world.change(once, World.spec(once.spec().name(), World.EVERY_SECOND, Model.MAX, false, "", World.START));
        world.delete(five);
        world.crash(Duration.ofSeconds(30));
        world.runSeconds(3);
        assertEquals(0L, world.tallied(disabled) + world.tallied(five));
        assertEquals(List.of(), sent(five, RunTrigger.MISFIRE));
        assertEquals(List.of(), sent(once, RunTrigger.MISFIRE));
    }

    @Test
    void the_first_second_does_not_wait_for_the_evaluation() {
        world.leader.stop();
        world.clock.tick(Duration.ofSeconds(30));
        world.time = new SteadyTime(world.clock);
        world.claimerStalled = true;
        world.start();
        assertEquals(2, world.database.read(GapTable::all).size(), "recorded jobs and the others");
        world.claimerStalled = false;
        world.run(Duration.ofMillis(250));
        assertEquals(List.of(), world.database.read(GapTable::all));
    }
}
