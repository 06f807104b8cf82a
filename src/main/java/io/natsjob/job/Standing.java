package io.natsjob.job;

import java.util.Optional;

/**
 * Where a run stands, and its legal moves. What belongs to another step than the run's moves nothing, and nothing moves a final one.
 * <pre>
 *   running, PRE   --STEP_DONE of PRE-----------> running, MAIN
 *   running, s     --SUCCEEDED of s-------------> success, s
 *                  --FAILED of s----------------> fail, s
 *                  --DEADLINE_PASSED of s-------> expired, s
 * </pre>
 *
 * @param step of a final run the one in which it ended
 */
public record Standing(RunState state, RunStep step) {
    /**
     * @param of the step that the event belongs to: that of the answered key, or the one whose deadline passed
     * @return nothing where the move is illegal
     */
    public Optional<Standing> after(RunEvent event, RunStep of) {
        if (state.isFinal() || of != step) {
            return Optional.empty();
        }
        return switch (event) {
            case STEP_DONE -> step == RunStep.PRE ? Optional.of(new Standing(state, RunStep.MAIN)) : Optional.empty();
            case SUCCEEDED -> Optional.of(new Standing(RunState.SUCCESS, step));
            case FAILED -> Optional.of(new Standing(RunState.FAIL, step));
            case DEADLINE_PASSED -> Optional.of(new Standing(RunState.EXPIRED, step));
        };
    }
}
