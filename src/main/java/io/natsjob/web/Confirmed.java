package io.natsjob.web;

import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreException.Kind;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * Changes by people. Where the answer of a commit is lost it is looked up, behind the lost transaction, before anything is told or tried
 * again (docs/rules.md 5): no change is made twice, and none that holds is told as failed. Should the database not be there to be
 * asked for {@value #LOOK_UP_TRIES} times {@value #LOOK_UP_MILLIS} ms, the caller is told that the outcome is unknown.
 */
final class Confirmed {
    private static final int TRIES = 3;
    private static final int LOOK_UP_TRIES = 10;
    private static final int LOOK_UP_MILLIS = 500;

    private Confirmed() {}

    /**
     * Runs {@code work} as one transaction.
     *
     * @param made what {@code work} answered, where the database shows that it happened; then it is not run again
     * @throws StoreException as {@link Database#write}; COMMIT_UNKNOWN only when the database could not be asked
     */
    static <T> T write(Database database, Function<Sql, T> work, Function<Sql, Optional<T>> made) {
        for (int tries = 1;; tries++) {
            try {
                return database.write(Priority.EDIT, work);
            } catch (StoreException e) {
                if (e.kind() != Kind.COMMIT_UNKNOWN) {
                    throw e;
                }
                Optional<T> found = lookUp(database, made, e);
                if (found.isPresent()) {
                    return found.get();
                }
                if (tries == TRIES) {
                    throw new StoreException(Kind.UNAVAILABLE, e.getMessage() + "; it was looked up: it was not", e);
                }
            }
        }
    }

    /** As {@link #write}, for work that may be run again although it happened. */
    static <T> T repeatable(Database database, Function<Sql, T> work) {
        return write(database, work, sql -> Optional.empty());
    }

    private static <T> Optional<T> lookUp(Database database, Function<Sql, Optional<T>> made, StoreException lost) {
        for (int tries = 1;; tries++) {
            try {
                // As a write: a mere read could come before the lost commit.
                return database.write(Priority.EDIT, sql -> {
                    LeaderTable.behindOthers(sql);
                    return made.apply(sql);
                });
            } catch (StoreException e) {
                if (tries == LOOK_UP_TRIES) {
                    lost.addSuppressed(e);
                    throw lost;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_UP_MILLIS));
            }
        }
    }
}
