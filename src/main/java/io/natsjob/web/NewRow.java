package io.natsjob.web;

import io.natsjob.store.StoreException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongFunction;

/** Ids of namespaces, apps and jobs: epoch milliseconds and 20 random bits, so that servers need no common counter. */
final class NewRow {
    private static final int RANDOM_BITS = 20;
    private static final int MAX_TRIES = 4;

    private NewRow() {}

    /**
     * Inserts under a fresh id. A refused id is tried anew: two servers meet on one only within a millisecond, once in a million.
     *
     * @param insert  gets the id; throws DUPLICATE where the id or the name is taken
     * @param taken   refuses where the name is taken, else returns
     */
    static <T> T insert(long now, LongFunction<T> insert, Runnable taken) {
        for (int tries = 1; ; tries++) {
            long id = now << RANDOM_BITS | ThreadLocalRandom.current().nextInt(1 << RANDOM_BITS);
            try {
                return insert.apply(id);
            } catch (StoreException e) {
                if (e.kind() != StoreException.Kind.DUPLICATE) {
                    throw e;
                }
                taken.run();
                if (tries == MAX_TRIES) {
                    throw e;
                }
            }
        }
    }
}
