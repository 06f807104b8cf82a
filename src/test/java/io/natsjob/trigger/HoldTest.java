package io.natsjob.trigger;

import static io.natsjob.trigger.World.seconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.Model;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.trigger.FailingDatabase.Fate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds: NATS or the database away, firing paused (docs/rules.md 8, its second paragraph). */
class HoldTest {
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

    /** Rows and tallies of the recorded one, tallies of the other, up to the marks. */
    private void exact() {
        assertEquals((world.marks().claimed() - World.START) / 1_000, world.rows(max).size() + world.tallied(max), "max " + world.tallies(max));
        assertEquals((world.marks().settled() - World.START) / 1_000, world.tallied(plus), "plus " + world.tallies(plus));
    }

    @Test
    void without_nats_nothing_is_claimed_the_marks_stand_still_and_all_is_counted_afterwards() {
        long claimed = world.marks().claimed();
        world.natsDown = true;
        world.runSeconds(10);
        assertEquals(claimed, world.marks().claimed());
        assertTrue(world.marks().settled() <= claimed);
        assertEquals(0L, world.tallied(max));
        world.natsDown = false;
        world.runSeconds(3);
        assertEquals(Map.of("nats-down", 10L), world.tallies(max));
        assertEquals(10L, world.tallies(plus).get("nats-down"));
        exact();
    }

    @Test
    void what_was_claimed_just_before_and_cannot_be_sent_is_dropped_with_the_reason() {
        world.run(Duration.ofMillis(250));
        assertEquals(seconds(1, 4), world.rows(max));
        world.natsDown = true;
        world.runSeconds(5);
        assertEquals(seconds(1, 3), world.rows(max));
        assertEquals(Map.of("nats-down", 1L), world.tallies(max));
        assertEquals(world.marks().claimed(), world.marks().settled());
    }

    @Test
    void a_pause_counts_what_it_held_once_and_is_forgotten() {
        world.pause(PauseTable.ALL);
        world.runSeconds(7);
        world.resume(PauseTable.ALL);
        assertTrue(world.pauseOfAll().isPresent(), "until it is counted");
        world.runSeconds(3);
        assertTrue(world.pauseOfAll().isEmpty());
        assertEquals(Map.of("paused", 7L), world.tallies(max));
        assertEquals(7L, world.tallies(plus).get("paused"));
        exact();
    }

    @Test
    void a_hold_over_the_end_of_an_hour_is_one_tally_in_the_hour_of_its_end() {
        world.run(Duration.ofMinutes(59));
        world.natsDown = true;
        world.run(Duration.ofSeconds(120));
        world.natsDown = false;
        world.runSeconds(3);
        long hour = World.START + 3_600_000;
        List<Tally> tallies = world.database.read(sql -> TallyTable.of(sql, max.id(), 0, Long.MAX_VALUE)).stream()
                .filter(tally -> tally.outcome().equals("nats-down") && tally.hour() == hour).toList();
        assertEquals(1, tallies.size());
        assertEquals(120L, world.tallies(max).get("nats-down"));
        exact();
    }

    @Test
    void without_the_database_lite_and_plus_go_on_and_the_others_are_counted_when_it_is_back() {
        world.database.away(true);
        world.runSeconds(10);
        world.database.away(false);
        world.runSeconds(3);
        assertEquals(seconds(1, 16), world.sentSeconds(plus));
        assertEquals(10L, world.tallies(max).get("db-down"));
        exact();
        world.runSeconds(1);
        exact();
    }

    @Test
    void a_database_that_fails_while_a_hold_is_counted_changes_no_sum() {
        for (Fate fate : List.of(Fate.AWAY, Fate.LOST_BEFORE_COMMIT, Fate.LOST_AFTER_COMMIT)) {
            long nats = world.tallies(max).getOrDefault("nats-down", 0L);
            world.natsDown = true;
            world.runSeconds(5);
            world.natsDown = false;
            world.database.fates(fate, fate, fate);
            world.runSeconds(8);
            exact();
            assertEquals(nats + 5, world.tallies(max).get("nats-down"), fate::name);
        }
    }

    @Test
    void holds_and_an_outage_that_follow_each_other_keep_their_own_reasons() {
        world.natsDown = true;
        world.runSeconds(4);
        world.pause(PauseTable.ALL);
        world.runSeconds(5);
        world.natsDown = false;
        world.database.away(true);
        world.runSeconds(1);
        world.database.away(false);
        world.resume(PauseTable.ALL);
        world.database.away(true);
        world.runSeconds(3);
        world.database.away(false);
        world.runSeconds(3);
        assertEquals(Map.of("nats-down", 4L, "paused", 6L, "db-down", 3L), world.tallies(max));
        assertEquals(10L, world.tallied(plus) - world.tallies(plus).get("sent"));
        exact();
    }

    @Test
    void what_the_full_queue_of_the_claimer_refused_is_counted_when_it_has_room() {
        world.claimerStalled = true;
        world.runSeconds(Claimer.QUEUED_SECONDS + 10);
        world.claimerStalled = false;
        world.runSeconds(3);
        assertTrue(world.tallies(max).get("db-down") >= 10, "" + world.tallies(max));
        exact();
        assertEquals(World.START + 1_000L * (3 + Claimer.QUEUED_SECONDS + 13), world.sentSeconds(plus).getLast(), "plus waited for nothing");
    }

    @Test
    void a_pause_lifted_between_two_ticks_holds_nothing() {
        world.run(Duration.ofMillis(300));
        world.pause(PauseTable.ALL);
        world.resume(PauseTable.ALL);
        world.runSeconds(3);
        assertEquals(Map.of(), world.tallies(max));
        world.crash(Duration.ofSeconds(3));
        assertEquals(0L, world.tallies(max).getOrDefault("paused", 0L));
        assertTrue(world.pauseOfAll().isEmpty());
        exact();
    }

    @Test
    void what_is_decided_before_a_hold_is_written_soon_not_at_its_end() {
        world.natsDown = true;
        world.runSeconds(4);
        long handled = world.sentSeconds(plus).getLast();
        assertEquals(handled, Math.min(handled, world.marks().settled()));
        world.crash(Duration.ofSeconds(1));
        assertEquals(world.sentSeconds(plus).size(), world.tallies(plus).get("sent"));
    }

    @Test
    void a_pause_that_outlives_its_leader_is_counted_at_its_end() {
        world.pause(PauseTable.ALL);
        world.runSeconds(5);
        long claimed = world.marks().claimed();
        world.crash(Duration.ofSeconds(60));
        world.runSeconds(5);
        assertEquals(claimed, world.marks().claimed(), "the marks stand still");
        world.resume(PauseTable.ALL);
        world.runSeconds(2);
        // Second 4 was claimed ahead, taken over, and is left to its deadline or was refused before the crash.
        assertEquals(world.rows(max).size() + world.tallied(max), (world.marks().claimed() - World.START) / 1_000);
        assertTrue(world.tallies(max).get("paused") >= 69, "" + world.tallies(max));
        assertTrue(world.tallies(plus).get("paused") >= 69, "" + world.tallies(plus));
        exact();
    }

    @Test
    void a_pause_lifted_while_no_server_ran_counts_up_to_its_end_and_what_follows_as_missed() {
        world.pause(PauseTable.ALL);
        world.runSeconds(5);
        world.leader = null;
        world.clock.tick(Duration.ofSeconds(10));
        world.resume(PauseTable.ALL);
        world.crash(Duration.ofSeconds(20));
        assertEquals(20L, world.tallies(max).get("missed"));
        assertEquals(20L, world.tallies(plus).get("unknown"));
        assertTrue(world.tallies(max).get("paused") >= 14);
        assertTrue(world.pauseOfAll().isEmpty());
        world.runSeconds(2);
        exact();
    }

    @Test
    void what_a_leader_claimed_ahead_of_a_hold_is_in_its_successors_hands_though_the_gate_is_closed() {
        world.run(Duration.ofMillis(250));
        long ahead = world.marks().claimed();
        assertTrue(ahead > world.clock.millis());
        world.natsDown = true;
        world.crash(Duration.ZERO);
        world.runSeconds(3);
        assertTrue(world.marks().settled() < ahead, "the hold is not counted yet");
        assertTrue(world.leader.handedOn.stream().anyMatch(batch -> batch.fireAt() == ahead && batch.recorded() && batch.fires().size() == 1));
        world.natsDown = false;
        world.runSeconds(3);
        exact();
    }

    @Test
    void fires_of_a_paused_namespace_are_counted_with_the_claim_of_their_second() {
        Job other = world.job(Model.MAX, World.EVERY_SECOND, world.otherApp());
        world.runSeconds(2);
        int before = world.rows(other).size();
        world.pause(7);
        world.runSeconds(5);
        assertEquals(5L, world.tallies(other).get("paused"));
        assertEquals(before, world.rows(other).size(), "not claimed");
        assertEquals(List.of(), world.rows(max).stream().filter(at -> at > world.marks().claimed()).toList());
        world.crash(Duration.ZERO);
        assertEquals(5L, world.tallies(other).get("paused"));
        world.runSeconds(1);
        assertEquals(6L, world.tallies(other).get("paused"));
        exact();
    }

    @Test
    void a_clean_stop_leaves_nothing_to_doubt() {
        world.database.away(true);
        world.runSeconds(3);
        world.database.away(false);
        world.leader.stop();
        exact();
        assertEquals(world.marks().claimed(), world.marks().settled());
        world.crash(Duration.ZERO);
        assertEquals(0L, world.tallies(plus).getOrDefault("unknown", 0L));
    }
}
