package io.natsjob.store;

/**
 * How long things may take, in milliseconds.
 *
 * @param queue       from hand-over to begin
 * @param statement   one statement, one batch of it, or the wait for the next row
 * @param transaction all statements of a writing transaction; a reading one has twice this
 * @param grace       the rest of a transaction, above all its fsync, until a caller stops waiting for it
 */
record TimeLimits(long queue, long statement, long transaction, long grace) {
    static final int QUEUE_SECONDS = 30;
    static final int STATEMENT_SECONDS = 5;
    static final int TRANSACTION_SECONDS = 30;
    static final int GRACE_SECONDS = 30;
    static final TimeLimits DEFAULT = new TimeLimits(QUEUE_SECONDS * 1_000L, STATEMENT_SECONDS * 1_000L, TRANSACTION_SECONDS * 1_000L, GRACE_SECONDS * 1_000L);

    long transactionOf(boolean writer) {
        return writer ? transaction : 2 * transaction;
    }
}
