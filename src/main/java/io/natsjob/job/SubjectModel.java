package io.natsjob.job;

/** Which subjects carry a job message. */
public enum SubjectModel implements Word {
    /** Core NATS, prefix {@code natsjob-void}: whoever listens now gets it. */
    MEMORY("memory"),
    /** Prefix {@code natsjob}: stored by the stream for 24 hours. */
    JET_STREAM("jetStream");

    private final String word;

    SubjectModel(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
