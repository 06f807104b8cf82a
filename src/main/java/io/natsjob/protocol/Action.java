package io.natsjob.protocol;

import io.natsjob.job.Word;

/** What a job message asks a worker to do: one token of its subject. */
public enum Action implements Word {
    /** Do the job, or the main step of a map. */
    START("start"),
    /** Do the first step of a map. */
    PRE_START("pre-start"),
    /** Do the job: addressed to one worker id (ultra). */
    CLIENT_START("client-start");

    private final String word;

    Action(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
