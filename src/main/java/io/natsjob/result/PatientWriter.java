package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * Commits groups. While the database is away it tries the same transaction again, for ever; a group that the database refuses is
 * halved until the poisonous one stands alone (docs/rules.md 28). For one thread; an interrupt ends the waiting.
 */
final class PatientWriter {
    private static final long FIRST_RETRY_MILLIS = 50;
    private static final long MAX_RETRY_MILLIS = 1_000;
    private static final Log LOG = Log.of("result");

    /** What is committed together, and what follows. */
    interface Group<T, W> {
        /** The transaction; may be begun again. */
        W write(Sql sql, List<T> group);

        /** It has committed. */
        void committed(List<T> group, W written);

        /** The database refuses this one even alone. Nothing of it is written. */
        void poisonous(T alone, StoreException refusal) throws InterruptedException;
    }

    private final Database database;
    private final Priority priority;
    private final String what;
    private final IntSupplier waiting;

    /**
     * @param what    in the plural, for the log
     * @param waiting how many there are, for the log
     */
    PatientWriter(Database database, Priority priority, String what, IntSupplier waiting) {
        this.database = database;
        this.priority = priority;
        this.what = what;
        this.waiting = waiting;
    }

    <T, W> void commit(List<T> group, Group<T, W> work) throws InterruptedException {
        try {
            work.committed(group, write(sql -> work.write(sql, group)));
        } catch (StoreException refusal) {
            if (group.size() > 1) {
                int middle = group.size() / 2;
                commit(group.subList(0, middle), work);
                commit(group.subList(middle, group.size()), work);
            } else {
                work.poisonous(group.getFirst(), refusal);
            }
        }
    }

    /**
     * One transaction, tried until the database is there.
     *
     * @throws StoreException where the database refuses it for itself, or the work fails for another reason than the database's absence
     */
    <W> W write(Function<Sql, W> work) throws InterruptedException {
        for (long wait = FIRST_RETRY_MILLIS;; wait = Math.min(2 * wait, MAX_RETRY_MILLIS)) {
            try {
                return database.write(priority, work);
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.REJECTED || e.kind() == StoreException.Kind.DUPLICATE) {
                    throw e;
                }
                if (wait == FIRST_RETRY_MILLIS) {
                    LOG.warn(what + " wait for the database", what, waiting.getAsInt(), "why", e.getMessage());
                }
            } catch (RuntimeException e) {
                // Nothing that is wrong with one of them may hold up the others.
                throw new StoreException(StoreException.Kind.REJECTED, "one of the " + what + " could not be written: " + e, e);
            }
            TimeUnit.MILLISECONDS.sleep(wait);
        }
    }
}
