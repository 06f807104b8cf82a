package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.SkipReason;
import io.natsjob.store.GapTable;
import io.natsjob.store.Marks;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Priority;
import io.natsjob.trigger.FailingDatabase.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random lives of a server: holds, pauses, a database that is away or whose answers get lost, stalls, crashes, clean stops, jumps
 * of the clock, edits. Whatever happens, each second of each job that was due is handed on with a row, or has a row, or is in a
 * tally, or waits to be made up: one of them, once. The seconds that are due are reckoned here by remainders, not by schedules.
 */
class ExactCountsTest {
    private static final int SCENARIOS = Integer.getInteger("natsjob.scenarios", 250);
    private static final int STEPS = 240;
    private static final long SEED = Long.getLong("natsjob.seed", 20_260_301L);

    @TempDir
    Path folder;

    /** A job that fires at the seconds that {@code period} divides. */
    private record Watched(Job job, int period) {
        long due(long after, long upTo) {
            return Math.floorDiv(upTo, 1_000L * period) - Math.floorDiv(after, 1_000L * period);
        }
    }

    @Test
    void every_second_of_every_job_is_accounted_for_once() {
        try (World world = new World(folder)) {
            for (int i = 0; i < SCENARIOS; i++) {
                new Scenario(world, SEED + i).play();
            }
        }
    }

    private static final class Scenario {
        private final World world;
        private final Random random;
        private final String name;
        private final List<Watched> jobs = new ArrayList<>();
        private final long began;
        private Job edited;
        private boolean wentBack;
        private long highest;
        private int faults;
        private int awaySteps;
        private int downSteps;
        private int stalledSteps;
        private final List<String> story = new ArrayList<>();

        Scenario(World world, long seed) {
            this.world = world;
            this.random = new Random(seed);
            this.name = "seed " + seed;
            clear();
            world.clock.tick(Duration.ofMillis(random.nextInt(1_000)));
            this.began = world.clock.millis();
            add(Model.MAX, 1);
            add(Model.MAX, 1 + random.nextInt(5));
            add(Model.PLUS, 1);
            add(Model.LITE, 1 + random.nextInt(5));
            for (Misfire misfire : List.of(Misfire.FIRE_ONCE, Misfire.FIRE_ALL)) {
                int period = 1 + random.nextInt(4);
                jobs.add(new Watched(world.job("*/" + period + " * * * * *", misfire, 1 + random.nextInt(12)), period));
            }
            edited = world.job(random.nextBoolean() ? Model.MAX : Model.PLUS);
        }

        private void clear() {
            world.leader = null;
            world.sent.clear();
            world.natsDown = false;
            world.claimerStalled = false;
            world.database.away(false);
            world.database.fates();
            world.database.write(Priority.EDIT, sql -> {
                for (String table : List.of("natsjob_run", "natsjob_tally", "natsjob_pause", "natsjob_job", "natsjob_gap", "natsjob_misfire")) {
                    sql.update("DELETE FROM " + table);
                }
                return sql.update("UPDATE natsjob_leader SET claimed = 0, settled = 0, oldest_open_id = 0");
            });
            world.clock.tick(Duration.ofMinutes(10));
            world.clock.setWall(World.START + Duration.ofSeconds(3_300 + random.nextInt(600)).toMillis() + 3_600_000L * random.nextInt(20));
            world.crash(Duration.ZERO);
            world.leader = null;
        }

        private void add(Model model, int period) {
            jobs.add(new Watched(world.job(model, "*/" + period + " * * * * *"), period));
        }

        void play() {
            world.refusal = fire -> random.nextInt(12) == 0 ? SkipReason.CONCURRENCY : null;
            world.start();
            for (int step = 0; step < STEPS; step++) {
                disturb();
                world.run(Duration.ofMillis(250));
            }
            calm();
            world.runSeconds(4);
            world.leader.decideAll();
            world.runSeconds(2);
            world.leader.stop();
            check(world.marks(), true);
        }

        private void disturb() {
            world.claimerStalled = stalledSteps-- > 0;
            world.natsDown = downSteps-- > 0;
            world.database.away(awaySteps-- > 0);
            if (awaySteps >= 0) {
                return; // neither edits nor starts without the database
            }
            faults--;
            if (faults == 0) {
                world.database.fates();
            }
            switch (random.nextInt(80)) {
                case 0 -> tell("away", () -> awaySteps = 1 + random.nextInt(60));
                case 1, 2 -> tell("lossy", this::lossy);
                case 3 -> tell("nats down", () -> downSteps = 1 + random.nextInt(40));
                case 4 -> tell("stalled", () -> stalledSteps = 1 + random.nextInt(200));
                case 5, 6 -> tell("pause", () -> quietly(() -> world.pause(random.nextBoolean() ? PauseTable.ALL : world.app().namespace().id())));
                case 7, 8, 9, 10 -> tell("resume", () -> quietly(() -> {
                    world.resume(PauseTable.ALL);
                    world.resume(world.app().namespace().id());
                }));
                case 11, 12 -> tell("crash", this::crash);
                case 13 -> tell("stop", this::stop);
                case 14 -> tell("jump", () -> world.clock.setWall(world.clock.millis() + 3_000 + random.nextInt(60_000)));
                case 15 -> tell("jump back", this::jumpBack);
                case 16, 17 -> tell("edit", () -> quietly(this::edit));
                case 18, 19 -> tell("undecided", () -> world.undecidedSeconds.addAll(List.of(next(1), next(2))));
                case 20, 21, 22 -> world.leader.decideAll();
                default -> { }
            }
        }

        private void tell(String what, Runnable action) {
            story.add(what + "@" + (world.clock.millis() - began));
            action.run();
        }

        /** By less than what makes a start distrust the marks: from there on only the unique key guards (docs/rules.md 31). */
        private void jumpBack() {
            highest = Math.max(highest, world.clock.millis());
            long to = world.clock.millis() - 2_500 - random.nextInt(6_000);
            if (highest - to < 9_000) {
                wentBack = true;
                world.clock.setWall(to);
            }
        }

        private long next(int n) {
            return Claimer.wholeSecond(world.time.millis()) + 1_000L * n;
        }

        private void lossy() {
            int[] left = {1 + random.nextInt(3)};
            faults = 1 + random.nextInt(12);
            world.database.fates(() -> left[0]-- > 0 ? Fate.values()[1 + random.nextInt(3)] : Fate.DONE);
        }

        /** Edits are the user's: they find the database well. */
        private void quietly(Runnable action) {
            faults = 0;
            world.database.fates();
            action.run();
        }

        private void crash() {
            quietly(() -> world.crash(Duration.ofMillis(random.nextInt(random.nextBoolean() ? 900 : 20_000))));
            stalledSteps = 0;
            afterStart();
        }

        private void stop() {
            quietly(() -> world.leader.stop());
            stalledSteps = 0;
            world.crash(Duration.ofMillis(random.nextInt(5_000)));
            afterStart();
        }

        private void afterStart() {
            if (world.pauseOfAll().isEmpty()) {
                check(world.marks(), false);
            }
        }

        private void edit() {
            JobSpec old = edited.spec();
            Job args = jobs.getFirst().job();
            switch (random.nextInt(3)) {
                case 0 -> edited = world.change(edited, World.spec(old.name(), random.nextBoolean() ? World.EVERY_SECOND : "*/3 * * * * *",
                        old.route().model(), random.nextInt(3) > 0, "", world.clock.millis()));
                case 1 -> {
                    world.delete(edited);
                    edited = world.job(random.nextBoolean() ? Model.MAX : Model.PLUS);
                }
                default -> jobs.set(0, new Watched(world.change(args, World.spec(args.spec().name(), args.spec().timing().schedule(), Model.MAX, true,
                        "args" + random.nextInt(), args.spec().timing().anchor())), 1));
            }
        }

        private void calm() {
            faults = 0;
            world.database.fates();
            world.database.away(false);
            world.natsDown = false;
            world.claimerStalled = false;
            world.resume(PauseTable.ALL);
            world.resume(world.app().namespace().id());
            long behind = world.leader.term.number();
            world.run(Duration.ofSeconds(15));
            assertEquals(behind, world.marks().term(), () -> name);
            assertTrue(world.leader.leadership.holds(world.leader.term), () -> name + " lost its term " + story);
        }

        private void check(Marks marks, boolean atEnd) {
            assertEquals(List.of(), world.database.read(GapTable::all), () -> name + ": not evaluated");
            assertEquals(List.of(), atEnd ? world.database.read(sql -> MisfireTable.first(sql, 1)) : List.of(), () -> name + ": not made up");
            for (Watched watched : jobs) {
                boolean recorded = watched.job().spec().recorded();
                Map<String, Long> tallies = world.tallies(watched.job());
                List<Long> rows = world.rows(watched.job());
                // Rows of a start that are still ahead are of seconds up to the claimed mark, too.
                long upTo = recorded ? marks.claimed() : marks.settled();
                long counted = world.tallied(watched.job()) + rows.size() + world.queued(watched.job()).size();
                assertEquals(watched.due(began, upTo), counted, () -> name + (atEnd ? " at its end" : " after a start") + ", " + watched.job().spec().route().model()
                        + " each " + watched.period() + " s: rows " + rows.size() + ", queued " + world.queued(watched.job()) + ", tallies " + tallies + "\n" + story);
            }
            once(marks);
        }

        private void once(Marks marks) {
            Set<List<Long>> handedOn = new HashSet<>();
            for (World.Sent each : world.sent) {
                // A clock that went back and a crash: nobody knows any more what was sent and not settled.
                boolean forgotten = wentBack && (each.runId() == 0 || each.takenOver());
                assertTrue(handedOn.add(List.of(each.jobId(), each.fireAt())) || forgotten, () -> name + ": handed on twice " + each + "\n" + story);
            }
            for (Watched watched : jobs) {
                if (watched.job().spec().recorded()) {
                    Set<Long> rows = new HashSet<>(world.rows(watched.job()));
                    world.sentSeconds(watched.job()).forEach(second -> assertTrue(rows.contains(second), () -> name + ": sent without a row " + second + story));
                } else {
                    Map<String, Long> tallies = new HashMap<>(world.tallies(watched.job()));
                    long told = tallies.getOrDefault("sent", 0L);
                    // After a crash a pause counts from the claimed mark, which stood still where the database was away before it.
                    long doubted = tallies.getOrDefault(SkipReason.UNKNOWN.word(), 0L) + tallies.getOrDefault(SkipReason.PAUSED.word(), 0L);
                    long sent = world.sentSeconds(watched.job()).stream().filter(second -> second <= marks.settled()).count();
                    assertTrue(wentBack || told <= sent && sent <= told + doubted, () -> name + ": sent " + sent + ", told " + tallies + story);
                }
            }
        }
    }

}
