package io.natsjob.job;

/** Who takes a fire. */
public enum Category implements Word {
    /** One worker: workers share a queue group. */
    STANDALONE("standalone"),
    /** Every worker. */
    BROADCAST("broadcast"),
    /** A pre-step, then a main step. */
    MAP("map");

    private final String word;

    Category(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    /** The step that a run begins with. */
    public RunStep firstStep() {
        return this == MAP ? RunStep.PRE : RunStep.MAIN;
    }
}
