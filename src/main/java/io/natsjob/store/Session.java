package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Function;

/**
 * One connection and the transactions on it, used by one thread. After any doubt about its state the connection is closed,
 * which rolls back what is open, and the next transaction opens a new one.
 */
final class Session implements Transactions, AutoCloseable {
    private static final Log LOG = Log.of("store");

    private final Dialect dialect;
    private final boolean writer;
    private final Clock clock;
    private final Deadline deadline;
    private Sql sql;
    private long openedAt;

    Session(Dialect dialect, boolean writer, Clock clock, TimeLimits limits) {
        this.dialect = dialect;
        this.writer = writer;
        this.clock = clock;
        this.deadline = new Deadline(clock, limits.statement(), limits.transactionOf(writer));
    }

    /** What {@link Database#write} and {@link Database#read} promise, on the calling thread. */
    @Override
    public <T> T transaction(boolean durable, Function<Sql, T> work) {
        deadline.beginTransaction();
        begin(durable);
        boolean finished = false;
        try {
            T result = work.apply(sql);
            if (durable) {
                dialect.beforeDurableCommit(sql);
            }
            finished = true;
            commit(durable);
            return result;
        } finally {
            if (!finished) {
                rollback(durable);
            }
        }
    }

    boolean writes() {
        return writer;
    }

    int takeLargestBatch() {
        return sql == null ? 0 : sql.takeLargestBatch();
    }

    Clock clock() {
        return clock;
    }

    boolean connected() {
        return sql != null;
    }

    /** How old the connection is, in nanoseconds; 0 when there is none. */
    long age() {
        return sql == null ? 0 : clock.nanos() - openedAt;
    }

    /** Between two transactions: closes a connection that no longer answers; false: there is none now. */
    boolean check() {
        if (sql != null && !dialect.answers(sql.connection())) {
            discard();
        }
        return sql != null;
    }

    private void begin(boolean durable) {
        Connection connection = open().connection();
        try {
            if (durable) {
                dialect.durability(connection, true);
            }
            dialect.begin(connection);
        } catch (SQLException e) {
            discard();
            throw dialect.failure("begin a transaction", e);
        }
    }

    private void commit(boolean durable) {
        Connection connection = sql.connection();
        try {
            dialect.commit(connection);
        } catch (SQLException e) {
            discard();
            throw writer ? dialect.commitFailure(e) : dialect.failure("end a read", e);
        }
        relax(connection, durable);
    }

    /** Keeps quiet towards the caller, who is on the way to learn the first failure. */
    private void rollback(boolean durable) {
        Connection connection = sql.connection();
        try {
            dialect.rollback(connection);
            relax(connection, durable);
        } catch (SQLException e) {
            // SQLite rolls back by itself after some errors, such as a full disk; then there is nothing left to roll back.
            LOG.debug("connection renewed after a failed rollback", "reason", e.getMessage());
            discard();
        }
    }

    private void relax(Connection connection, boolean durable) {
        if (!durable) {
            return;
        }
        try {
            dialect.durability(connection, false);
        } catch (SQLException e) {
            LOG.warn("connection renewed: it could not go back to normal durability", e);
            discard();
        }
    }

    private Sql open() {
        if (sql == null) {
            try {
                sql = new Sql(dialect.connect(writer, deadline), dialect, deadline, clock, writer);
                openedAt = clock.nanos();
            } catch (SQLException e) {
                throw dialect.failure("open the database", e);
            }
        }
        return sql;
    }

    private void discard() {
        close();
    }

    @Override
    public void close() {
        if (sql == null) {
            return;
        }
        try {
            sql.connection().close();
        } catch (SQLException e) {
            LOG.debug("a database connection did not close", "reason", e.getMessage());
        } finally {
            sql = null;
        }
    }
}
