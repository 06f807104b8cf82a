package io.natsjob.protocol;

import io.natsjob.job.Word;

/** What an answer ends: one token of its key. */
public enum End implements Word {
    /** The run, or the main step of a map. */
    END("end"),
    /** The first step of a map. */
    PRE_END("pre-end"),
    /** One worker's part of an ultra run; its key ends with the part's id. */
    CLIENT_END("client-end");

    private final String word;

    End(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
