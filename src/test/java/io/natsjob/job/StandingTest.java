package io.natsjob.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Every state x step x event x step of the event: the legal moves are these seven, all others change nothing. */
class StandingTest {
    private static final Map<String, String> LEGAL = Map.of(
            "running PRE, STEP_DONE of PRE", "running MAIN",
            "running PRE, SUCCEEDED of PRE", "success PRE",
            "running PRE, FAILED of PRE", "fail PRE",
            "running PRE, DEADLINE_PASSED of PRE", "expired PRE",
            "running MAIN, SUCCEEDED of MAIN", "success MAIN",
            "running MAIN, FAILED of MAIN", "fail MAIN",
            "running MAIN, DEADLINE_PASSED of MAIN", "expired MAIN");

    private static String text(Standing standing) {
        return standing.state().word() + " " + standing.step();
    }

    @Test
    void only_the_moves_of_the_table_are_legal() {
        Map<String, String> found = new HashMap<>();
        int cases = 0;
        for (RunState state : RunState.values()) {
            for (RunStep step : RunStep.values()) {
                for (RunEvent event : RunEvent.values()) {
                    for (RunStep of : RunStep.values()) {
                        cases++;
                        Standing before = new Standing(state, step);
                        Optional<Standing> after = before.after(event, of);
                        after.ifPresent(next -> found.put(text(before) + ", " + event + " of " + of, text(next)));
                    }
                }
            }
        }
        assertEquals(4 * 2 * 4 * 2, cases);
        assertEquals(LEGAL, found);
    }

    @Test
    void every_state_but_running_is_final() {
        assertTrue(Arrays.stream(RunState.values()).allMatch(state -> state.isFinal() == (state != RunState.RUNNING)));
    }

    @Test
    void steps_are_stored_as_the_numbers_of_the_database() {
        for (RunStep step : RunStep.values()) {
            assertEquals(step, RunStep.stored(step.code()));
        }
        assertEquals(0, RunStep.MAIN.code(), "the column's default");
        assertEquals(RunStep.PRE, Category.MAP.firstStep());
        assertEquals(RunStep.MAIN, Category.BROADCAST.firstStep());
    }
}
