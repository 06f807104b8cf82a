package io.natsjob.store;

import io.natsjob.time.Clock;
import java.security.SecureRandom;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The open database. Work is handed over as functions that run on the database's own threads, each in one transaction, and
 * may run the statements of {@link Sql} only: no network, no lock, no other call of this interface.
 * An exception thrown by the work rolls the transaction back and reaches the caller as it is. A writing work that lost
 * against another transaction (a deadlock) is run again, up to {@value Retry#RETRIES} times: it must not care about being begun twice.
 *
 * <p>A caller waits at most {@value TimeLimits#QUEUE_SECONDS} s for its work to begin; interrupted meanwhile, the work is
 * withdrawn ({@link StoreException.Kind#UNAVAILABLE}, the interrupt flag stays set). Work that has begun is waited for: a
 * statement is stopped after {@value TimeLimits#STATEMENT_SECONDS} s, a transaction's statements after
 * {@value TimeLimits#TRANSACTION_SECONDS} s, of a read after twice that; should even that fail, the caller is let go after
 * {@value TimeLimits#GRACE_SECONDS} s more. At most {@value WorkQueue#MAX_WAITING} pieces of work wait; more are refused.
 */
public interface Database extends AutoCloseable {
    /** Most rows of a result batch. */
    int MAX_BATCH_ROWS = 500;

    /**
     * Opens the database; of SQLite, creates it and takes the lock that keeps a second server out. Brings the tables up to date and makes
     * the default namespace and app.
     *
     * @throws StoreException with the reason in plain words and what to do; for the URL of a server that cannot be read, REJECTED
     */
    static Database open(StoreOptions options, Clock clock) {
        if (options.type().equals(StoreOptions.SQLITE)) {
            return SqliteDatabase.open(options, clock, TimeLimits.DEFAULT);
        }
        return PooledDatabase.open(PooledDatabase.address(options), options.batchesInFlight(), clock, TimeLimits.DEFAULT, new SecureRandom());
    }

    /**
     * Runs {@code work} on a database that is not opened: no table of ours is made or brought up to date, nothing is written.
     *
     * @throws StoreException UNAVAILABLE when there is no such SQLite file or a server has it open, or when the database server cannot be used
     */
    static <T> T peek(StoreOptions options, Clock clock, Function<Sql, T> work) {
        if (options.type().equals(StoreOptions.SQLITE)) {
            return SqliteDatabase.peek(options, clock, work);
        }
        return PooledDatabase.peek(PooledDatabase.address(options), clock, work);
    }

    /** Runs {@code work} in one snapshot that holds everything committed before; it can change nothing. */
    <T> T read(Function<Sql, T> work);

    /**
     * Runs {@code work} as one transaction. Once this returns, a crash of the process loses nothing; a power loss may take
     * the newest transactions together, never a part of one.
     *
     * @throws StoreException {@link StoreException.Kind#COMMIT_UNKNOWN} when the outcome is open, else nothing happened
     */
    <T> T write(Priority priority, Function<Sql, T> work);

    /** As {@link #write}; once this returns, a power loss takes neither it nor anything committed before it (docs/rules.md 8). */
    <T> T writeDurably(Priority priority, Function<Sql, T> work);

    /** Most result batches that make sense in flight: 1 on SQLite. */
    int parallelBatches();

    /**
     * How many rows a result batch may take now, 1 to {@value #MAX_BATCH_ROWS}: while a claim is due within 100 ms, as many
     * as should take 20 ms by the moving average of the last batches (docs/rules.md 32).
     */
    int batchRows();

    /**
     * Gives some of the space that deleted rows have left back to the disk, at {@link Priority#RETENTION}; a small step, so that nobody
     * waits long behind it. False: nothing is left to give, or the database does it by itself.
     */
    default boolean giveBackSpace() {
        return false;
    }

    /** When the next claim is due, epoch milliseconds; {@link Long#MAX_VALUE} for none. */
    void claimDueAt(long millis);

    /** Null where the last use of the database succeeded; refusals of values and full queues do not count. */
    Outage outage();

    default boolean up() {
        return outage() == null;
    }

    /** Why it is not up, in plain words, or null. */
    default String problem() {
        Outage outage = outage();
        return outage == null ? null : outage.reason();
    }

    /**
     * By how many milliseconds the clock of the database's server is ahead of this one's (behind: negative), nearer to 0 by the time that the
     * question took; nothing where the database has no clock of its own, as SQLite.
     *
     * @throws StoreException while the database cannot be asked
     */
    default OptionalLong clockAhead() {
        return OptionalLong.empty();
    }

    /**
     * Which lock keeps other servers out of this database: who holds it now and had the same before is the only one who has; a copy of
     * the database has another. Empty where several servers may share the database.
     */
    default String lockKey() {
        return "";
    }

    /** For people: the kind and the place, never a password. */
    String describe();

    /** Refuses new work, ends what waits (at most 10 s), writes the journal back and releases the lock. */
    @Override
    void close();
}
