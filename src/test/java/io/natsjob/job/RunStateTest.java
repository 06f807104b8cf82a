package io.natsjob.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunStateTest {
    /** Every state with every event; null: no move. */
    static Stream<Arguments> moves() {
        return Stream.of(
                Arguments.of(RunState.RUNNING, RunEvent.SUCCEEDED, RunState.SUCCESS),
                Arguments.of(RunState.RUNNING, RunEvent.FAILED, RunState.FAIL),
                Arguments.of(RunState.RUNNING, RunEvent.DEADLINE_PASSED, RunState.EXPIRED),
                Arguments.of(RunState.SUCCESS, RunEvent.SUCCEEDED, null),
                Arguments.of(RunState.SUCCESS, RunEvent.FAILED, null),
                Arguments.of(RunState.SUCCESS, RunEvent.DEADLINE_PASSED, null),
                Arguments.of(RunState.FAIL, RunEvent.SUCCEEDED, null),
                Arguments.of(RunState.FAIL, RunEvent.FAILED, null),
                Arguments.of(RunState.FAIL, RunEvent.DEADLINE_PASSED, null),
                Arguments.of(RunState.EXPIRED, RunEvent.SUCCEEDED, null),
                Arguments.of(RunState.EXPIRED, RunEvent.FAILED, null),
                Arguments.of(RunState.EXPIRED, RunEvent.DEADLINE_PASSED, null));
    }

    @ParameterizedTest
    @MethodSource("moves")
    void moves_as_the_table_says_and_never_out_of_a_final_state(RunState from, RunEvent event, RunState to) {
        assertEquals(Optional.ofNullable(to), from.next(event));
    }

    @Test
    void the_table_holds_every_state_with_every_event() {
        long pairs = moves().map(move -> move.get()[0] + " " + move.get()[1]).distinct().count();
        assertEquals((long) RunState.values().length * RunEvent.values().length, pairs);
    }

    @Test
    void every_state_but_running_is_final() {
        assertTrue(Arrays.stream(RunState.values()).allMatch(state -> state.isFinal() == (state != RunState.RUNNING)));
    }
}
