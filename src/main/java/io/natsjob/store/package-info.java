/**
 * Everything that is in the database: one class per table with its SQL beside the method, a small runner, migrations.
 *
 * <p>Guarantees: each piece of work is one transaction, all or nothing; what was committed is seen by every later read; a
 * durable write survives power loss together with all before it; a second server on the same SQLite file is refused; every
 * wait, queue and statement is bounded; each failure is a {@link io.natsjob.store.StoreException} in plain words.
 *
 * <p>On a server, a transaction that lost against another one is run again.
 *
 * <p>Not guaranteed: that other writes survive power loss (they survive a crash of the process); that a limit interrupts an
 * fsync of a disk that hangs, though the caller is let go; an order between works of different callers beyond
 * {@link io.natsjob.store.Priority}.
 *
 * <p>Threads, SQLite: {@code store-writer} alone writes, from one queue with priorities; {@code store-reader-1} and {@code -2} read.
 * They are platform threads, since native calls would pin virtual ones. Servers: a virtual thread for each piece of work, on
 * a connection of a pool, and {@code store-keeper} that looks after idle ones. {@code Database} is safe for all threads; callers
 * wait without holding a carrier. {@code Sql} and {@code Row} belong to the work they are handed to. The table classes have
 * no state.
 */
package io.natsjob.store;
