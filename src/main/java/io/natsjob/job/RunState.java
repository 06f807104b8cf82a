package io.natsjob.job;

import java.util.Optional;

/**
 * The states of a run and its legal moves. Monotonic: a final state never changes.
 * <pre>
 *   running --SUCCEEDED------> success
 *           --FAILED---------> fail
 *           --DEADLINE_PASSED-> expired
 * </pre>
 */
public enum RunState implements Word {
    /** Claimed or sent, not ended; {@code create} on the original's API. */
    RUNNING("running"),
    SUCCESS("success"),
    FAIL("fail"),
    EXPIRED("expired");

    private final String word;

    RunState(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    public boolean isFinal() {
        return this != RUNNING;
    }

    /** The state after {@code event}, or nothing where the move is illegal. */
    public Optional<RunState> next(RunEvent event) {
        if (isFinal()) {
            return Optional.empty();
        }
        return Optional.of(switch (event) {
            case SUCCEEDED -> SUCCESS;
            case FAILED -> FAIL;
            case DEADLINE_PASSED -> EXPIRED;
        });
    }
}
