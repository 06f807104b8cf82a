package io.natsjob.job;

/** Which of its steps a run is in. A map has two, which follow each other; every other run is in {@link #MAIN} from its claim on. */
public enum RunStep {
    /** The only step, or the main step of a map. */
    MAIN(0),
    /** The first step of a map. */
    PRE(1);

    private final int code;

    RunStep(int code) {
        this.code = code;
    }

    /** As the database keeps it. */
    public int code() {
        return code;
    }

    /** @throws IllegalArgumentException for a number that no natsjob stores */
    public static RunStep stored(int code) {
        return switch (code) {
            case 0 -> MAIN;
            case 1 -> PRE;
            default -> throw new IllegalArgumentException("stored step " + code + ": this natsjob knows 0 and 1");
        };
    }
}
