package io.natsjob.trigger;

import static io.natsjob.trigger.World.second;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Job;
import io.natsjob.job.Model;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Steps of the wall clock (docs/rules.md 31). */
class ClockJumpTest {
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
        world.runSeconds(5);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_jump_forwards_counts_the_fires_between_as_clock() {
        world.clock.setWall(world.clock.millis() + 100_000);
        world.runSeconds(5);
        assertEquals(Map.of("clock", 100L), world.tallies(max));
        assertEquals(100L, world.tallies(plus).get("clock"));
        assertEquals(world.sentSeconds(plus), world.sentSeconds(max));
        assertEquals(second(110), world.sentSeconds(max).getLast());
    }

    @Test
    void after_a_jump_backwards_nothing_fires_twice_and_nothing_is_claimed_far_ahead() {
        world.clock.setWall(world.clock.millis() - 20_000);
        for (int n = 0; n < 19; n++) {
            world.runSeconds(1);
            assertEquals(second(5), world.marks().claimed());
        }
        world.runSeconds(6);
        List<Long> sent = world.sentSeconds(max);
        assertEquals(sent.size(), new HashSet<>(sent).size());
        assertEquals(second(10), sent.getLast());
        assertEquals(sent, world.sentSeconds(plus));
        assertEquals(Map.of(), world.tallies(max));
    }

    @Test
    void a_clock_that_is_set_right_again_is_followed_at_once() {
        world.clock.setWall(world.clock.millis() - 3_600_000);
        world.runSeconds(5);
        world.clock.setWall(world.clock.millis() + 3_600_000);
        world.runSeconds(5);
        assertEquals(second(15), world.sentSeconds(max).getLast());
        assertEquals((world.marks().claimed() - World.START) / 1_000, world.rows(max).size() + world.tallied(max));
    }

    @Test
    void a_small_difference_is_followed_without_a_loss() {
        world.clock.setWall(world.clock.millis() + 1_900);
        world.runSeconds(60);
        assertEquals(Map.of(), world.tallies(max));
        assertEquals(second(66), world.sentSeconds(max).getLast());
    }
}
