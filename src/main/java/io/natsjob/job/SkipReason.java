package io.natsjob.job;

/** Why a fire was not sent. Every fire that is not sent is counted under one of these. */
public enum SkipReason implements Word {
    /** Its time passed while no leader ran, or over 30 s before it could be sent. */
    MISSED("missed"),
    /** As many runs of the job as it allows were open. */
    CONCURRENCY("concurrency"),
    NO_WORKER("no-worker"),
    PAUSED("paused"),
    /** The job was changed after the claim so that it no longer fires at this time. */
    CHANGED("changed"),
    NATS_DOWN("nats-down"),
    /** Sent on a memory subject, but NATS did not confirm it within 1 s: it may have arrived. */
    UNCONFIRMED("unconfirmed"),
    /** Nobody knows whether a former leader sent it. */
    UNKNOWN("unknown"),
    DB_DOWN("db-down"),
    /** The wall clock jumped over it. */
    CLOCK("clock"),
    /** Outside startAt and endAt. */
    WINDOW("window"),
    DISABLED("disabled"),
    /** JetStream refused the message. */
    REFUSED("refused"),
    TOO_MANY_WORKERS("too-many-workers"),
    NO_LEADER("no-leader");

    private final String word;

    SkipReason(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
