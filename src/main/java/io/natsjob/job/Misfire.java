package io.natsjob.job;

/** What becomes of fires whose time passed while nobody could send them. */
public enum Misfire implements Word {
    /** Counted, not made up. */
    SKIP("skip"),
    /** The newest is made up. */
    FIRE_ONCE("fireOnce"),
    /** The newest {@code misfireMax} are made up, oldest first. */
    FIRE_ALL("fireAll");

    private final String word;

    Misfire(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
