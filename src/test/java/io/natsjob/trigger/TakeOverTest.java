package io.natsjob.trigger;

import static io.natsjob.trigger.World.second;
import static io.natsjob.trigger.World.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.cluster.Term;
import io.natsjob.job.Job;
import io.natsjob.job.Model;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.Priority;
import io.natsjob.store.StoredOpenRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 6, 7, 10 and 31, as a new leader finds the database. */
class TakeOverTest {
    @TempDir
    Path folder;
    private World world;
    private Job max;
    private Job plus;

    @BeforeEach
    void open() {
        world = new World(folder);
        max = world.job(Model.MAX);
        plus = world.job(Model.PLUS);
        world.start();
        world.runSeconds(3);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void unsettled_plus_fires_are_unknown_and_never_sent_again() {
        assertEquals(second(2), world.marks().settled());
        world.crash(Duration.ofMillis(4_500));
        assertEquals(Map.of("sent", 2L, "unknown", 5L), world.tallies(plus), "(settled, take-over]");
        world.runSeconds(2);
        assertEquals(List.of(second(1), second(2), second(3), second(8), second(9)), world.sentSeconds(plus));
    }

    @Test
    void recorded_fires_since_the_claimed_mark_are_missed() {
        world.crash(Duration.ofSeconds(10));
        assertEquals(Map.of("missed", 10L), world.tallies(max), "from 4 to 13");
        assertEquals(seconds(1, 3), world.rows(max));
    }

    @Test
    void claims_later_than_the_take_over_are_sent_by_the_successor_and_earlier_ones_left() {
        world.run(Duration.ofMillis(250));
        assertEquals(second(4), world.marks().claimed());
        int before = world.sent.size();
        world.crash(Duration.ofMillis(200));
        world.runSeconds(2);
        List<World.Sent> later = world.sent.subList(before, world.sent.size()).stream().filter(each -> each.jobId() == max.id()).toList();
        assertEquals(seconds(4, 5), later.stream().map(World.Sent::fireAt).toList());
        assertTrue(later.getFirst().takenOver());
        assertEquals(seconds(1, 3), world.left.stream().map(StoredOpenRun::fireAt).toList());
    }

    @Test
    void a_claim_whose_time_came_before_the_take_over_is_left_to_its_deadline() {
        world.run(Duration.ofMillis(250));
        world.crash(Duration.ofMillis(800));
        world.runSeconds(2);
        assertEquals(seconds(1, 4), world.left.stream().map(StoredOpenRun::fireAt).toList());
        assertEquals(1, world.sentSeconds(max).stream().filter(at -> at == second(5)).count());
        assertTrue(!world.sentSeconds(max).contains(second(4)));
        assertEquals(Map.of(), world.tallies(max), "a row tells its story, no tally");
    }

    @Test
    void a_refused_claim_of_the_former_leader_keeps_its_row() {
        world.run(Duration.ofMillis(250));
        world.crash(Duration.ZERO);
        world.natsDown = true;
        world.runSeconds(1);
        world.natsDown = false;
        world.runSeconds(5);
        assertTrue(world.rows(max).contains(second(4)));
        assertEquals((world.marks().claimed() - World.START) / 1_000, world.rows(max).size() + world.tallied(max));
    }

    @Test
    void a_claimed_mark_far_ahead_is_set_to_now_and_the_unique_key_guards() {
        world.leader.stop();
        world.database.write(Priority.EDIT, sql -> LeaderTable.moveMarks(sql, 1, second(100), second(3)));
        world.crash(Duration.ofSeconds(1));
        assertTrue(world.marks().claimed() < second(10));
        world.runSeconds(3);
        assertTrue(world.sentSeconds(max).size() == world.sentSeconds(max).stream().distinct().count());
        assertTrue(world.sentSeconds(max).contains(second(6)));
    }

    @Test
    void a_claimed_mark_a_little_ahead_means_that_nothing_up_to_it_fires_again() {
        world.run(Duration.ofMillis(250));
        world.clock.setWall(world.clock.millis() - 4_000);
        world.crash(Duration.ZERO);
        int before = world.sent.size();
        world.runSeconds(7);
        List<World.Sent> later = world.sent.subList(before, world.sent.size());
        assertEquals(second(5), later.getFirst().fireAt());
        assertTrue(later.stream().noneMatch(World.Sent::takenOver));
    }

    /** Marks: claimed 10, settled 7; taken at 8.5. */
    @ParameterizedTest
    @CsvSource({"CRON, 11000, HALF_CLAIMED", "CRON, 10000, AHEAD", "CRON, 9000, AHEAD", "CRON, 8000, UNSETTLED", "CRON, 7000, SENT",
            "MANUAL, 8501, UNSETTLED", "MANUAL, 11001, UNSETTLED", "MANUAL, 6999, SENT"})
    void an_open_run_is_judged_by_its_time(RunTrigger trigger, long at, Inherited.Kind kind) {
        Inherited inherited = new Inherited(new Term(2, 8_500, new Marks(2, 10_000, 7_000, 0, 0)));
        StoredOpenRun row = new StoredOpenRun(1, 1, 1, new RunNames("n", "a", "j"), trigger, at, 1, at + 60_000, 1, "", RunStep.MAIN, null, null);
        assertEquals(kind, inherited.add(row, null));
    }
}
