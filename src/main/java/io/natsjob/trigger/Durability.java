package io.natsjob.trigger;

/** What else becomes durable with the transaction that moves the marks: NATS may then forget it (docs/rules.md 8 and 24). */
public interface Durability {
    /** The highest revision of the results bucket below and at which everything is committed, 0 if none is new since the last {@link #durable}. */
    long committed();

    /** Everything committed when {@code revision} was answered would now survive a loss of power. */
    void durable(long revision);
}
