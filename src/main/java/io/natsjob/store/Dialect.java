package io.natsjob.store;

import java.sql.Connection;
import java.sql.SQLException;

/** What differs between databases. Only what the code needs: a further database adds its own here. */
interface Dialect {
    /** The word of the setting, which is also the folder of the scripts. */
    String name();

    /** A new connection in auto-commit mode, whose statements stop when {@code deadline} has passed. */
    Connection connect(boolean writer, Deadline deadline) throws SQLException;

    /** Called outside of a transaction: what is committed from here on survives power loss, or need not. */
    void durability(Connection connection, boolean durable) throws SQLException;

    /** Called at the end of a durable transaction, so that there is something to make durable. */
    void beforeDurableCommit(Sql sql);

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
