package io.natsjob.job;

/** What made a run. */
public enum RunTrigger implements Word {
    CRON("cron"),
    MANUAL("manual"),
    MISFIRE("misfire"),
    RETRY("retry");

    private final String word;

    RunTrigger(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
