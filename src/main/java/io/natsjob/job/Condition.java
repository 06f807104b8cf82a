package io.natsjob.job;

/** Which live worker an ultra + standalone fire goes to. */
public enum Condition implements Word {
    FIRST("clientFirst"),
    RANDOM("clientRandom"),
    ROUND("clientRound"),
    MAX_WEIGHT("clientMaxWeight");

    private final String word;

    Condition(String word) {
        this.word = word;
    }

    @Override
    public String word() {
        return word;
    }
}
