package io.natsjob.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** What differs between databases. Only what the code needs: a further database adds its own here. */
interface Dialect {
    /** The word of the setting, which is also the folder of the scripts. */
    String name();

    /** A new connection between two transactions, whose statements stop when {@code deadline} has passed. */
    Connection connect(boolean writer, Deadline deadline) throws SQLException;

    void begin(Connection connection) throws SQLException;

    void commit(Connection connection) throws SQLException;

    void rollback(Connection connection) throws SQLException;

    /** Whether the connection still works; asked between two transactions. */
    boolean answers(Connection connection);

    /** Called outside of a transaction: what is committed from here on survives power loss, or need not. */
    default void durability(Connection connection, boolean durable) throws SQLException {}

    /** Called at the end of a durable transaction, so that there is something to make durable. */
    default void beforeDurableCommit(Sql sql) {}

    /** Called before a statement whose rows are handed over one by one: the driver must not collect them all first. */
    default void beginStream(PreparedStatement statement) throws SQLException {}

    /** Called after it, when nothing failed. */
    default void endStream(PreparedStatement statement) throws SQLException {}

    /** The statement that inserts a row, or changes the one that has its key. */
    String upsert(Upsert upsert);

    /** Runs {@code work} while no other server does the same on this database. */
    void alone(Session session, Runnable work);

    /** The driver's error in plain words. */
    StoreException failure(String purpose, SQLException error);

    /** The error of a commit: COMMIT_UNKNOWN unless it surely did not happen. */
    StoreException commitFailure(SQLException error);

    /**
     * Gives some of the space of deleted rows back to the disk, in a transaction of the writer; a small step, so that nobody waits
     * long behind it. False: there is nothing more to give, or the database does it by itself.
     */
    default boolean giveBackSpace(Sql sql) {
        return false;
    }

    String describe();
}
