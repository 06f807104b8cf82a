package io.natsjob.job;

/** The states of a run. Monotonic: a final state never changes; the legal moves are those of {@link Standing}. */
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
}
