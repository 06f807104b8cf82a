package io.natsjob.store;

import java.util.function.Function;

/** Runs work as one transaction, on the calling thread. */
interface Transactions {
    /** @throws StoreException as {@link Database#write} says */
    <T> T transaction(boolean durable, Function<Sql, T> work);
}
