package io.natsjob.store;

import io.natsjob.log.Log;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Runs a transaction again when it lost against another one, at most {@value #RETRIES} times, each after a wait of random length
 * up to {@value #FIRST_MILLIS} ms, twice as much each time: two that met once should not meet again.
 */
final class Retry implements Transactions {
    static final int RETRIES = 5;
    private static final int FIRST_MILLIS = 10;
    private static final Log LOG = Log.of("store");

    private final Transactions transactions;
    private final RandomGenerator jitter;

    Retry(Transactions transactions, RandomGenerator jitter) {
        this.transactions = transactions;
        this.jitter = jitter;
    }

    @Override
    public <T> T transaction(boolean durable, Function<Sql, T> work) {
        for (int retry = 1; ; retry++) {
            try {
                return transactions.transaction(durable, work);
            } catch (StoreException e) {
                if (!e.again() || retry > RETRIES) {
                    throw e;
                }
                LOG.debug("a transaction is run again", "retry", retry, "reason", e.getMessage());
                LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(1 + jitter.nextInt(FIRST_MILLIS * 1_000 << retry - 1)));
            }
        }
    }
}
