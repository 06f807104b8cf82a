package io.natsjob.job;

/** How closely a fire is followed after it was sent. */
public enum Model implements Word {
    /** Send and forget, always on memory subjects. */
    LITE("lite"),
    /** Send and forget. */
    PLUS("plus"),
    /** Recorded as a run, with a deadline and a limit of concurrent runs. */
    MAX("max"),
    /** As {@link #MAX}, and only while a worker of the app lives. */
    PRO("pro"),
    /** As {@link #PRO}, addressed to chosen workers. */
    ULTRA("ultra");

    private final String word;

    Model(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }

    /** Whether a fire becomes a row, so that it has a result, a deadline and counts as running. */
    public boolean recorded() {
        return this != LITE && this != PLUS;
    }

    /** Whether a fire goes only while a worker of the app lives. */
    public boolean needsWorker() {
        return this == PRO || this == ULTRA;
    }
}
