package io.natsjob.store;

import io.natsjob.time.Clock;

/** Watches one connection's time: the running statement's and its transaction's. Used by the thread that owns the connection. */
final class Deadline {
    private final Clock clock;
    private final long statementNanos;
    private final long transactionNanos;
    private long transactionStart;
    private long statementStart;

    Deadline(Clock clock, long statementMillis, long transactionMillis) {
        this.clock = clock;
        this.statementNanos = statementMillis * 1_000_000;
        this.transactionNanos = transactionMillis * 1_000_000;
    }

    void beginTransaction() {
        transactionStart = clock.nanos();
        statementStart = transactionStart;
    }

    /** A statement begins, or one that answers many rows has made progress. */
    void beginStatement() {
        statementStart = clock.nanos();
        if (statementStart - transactionStart > transactionNanos) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the transaction took longer than " + transactionNanos / 1_000_000 + " ms and was stopped");
        }
    }

    /** The clock it counts by, in nanoseconds. */
    long now() {
        return clock.nanos();
    }

    boolean passed() {
        long now = clock.nanos();
        return now - statementStart > statementNanos || now - transactionStart > transactionNanos;
    }
}
