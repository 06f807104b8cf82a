package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * What the databases that are servers have in common. A connection is never in auto-commit mode: its first statement begins a
 * transaction. One that writes is READ COMMITTED (docs/rules.md 1), one that reads sees one snapshot. Durable is what the server
 * makes of a commit: this changes none of its settings.
 */
abstract class ServerDialect implements Dialect {
    /** How long a silent server is waited for beyond a statement's own limit. */
    private static final int SILENCE_MILLIS = 5_000;
    /** The same while logging in: whoever listens there may be no database at all. */
    private static final int LOGIN_SILENCE_MILLIS = DriverLimits.SOCKET_SECONDS * 1_000;
    private static final long KEEP_ALIVE_MILLIS = 30_000;
    private static final int CHECK_MILLIS = 2_000;
    /** After a failed connect the next callers are told the same for so long: a dead server costs them no wait. */
    private static final long RETRY_NANOS = 500_000_000;
    private static final long LOCK_RETRY_NANOS = 50_000_000;

    private record Refusal(long nanos, SQLException error) {}

    private final DatabaseAddress address;
    private final TimeLimits limits;
    private volatile Refusal refusal;

    ServerDialect(DatabaseAddress address, TimeLimits limits) {
        this.address = address;
        this.limits = limits;
    }

    abstract Driver driver() throws SQLException;

    /** That many milliseconds in the unit of the driver's {@code socketTimeout}. */
    abstract int socketTimeout(int millis);

    /** Sets the session's limits; still in auto-commit mode. */
    abstract void prepare(Connection connection, Statement statement, boolean writer) throws SQLException;

    /** How often a connection without work is asked whether it still works. */
    long keepAliveMillis(boolean writer) {
        return KEEP_ALIVE_MILLIS;
    }

    /** The transaction lost against another one, is surely undone, and may be run again at once. */
    abstract boolean lostRace(SQLException error);

    /** Answers the server's own time, epoch milliseconds; null where that cannot be asked. */
    abstract String clockQuestion();

    @Override
    public final Connection connect(boolean writer, Deadline deadline) throws SQLException {
        Refusal last = refusal;
        if (last != null && deadline.now() - last.nanos < RETRY_NANOS) {
            throw new SQLException(last.error.getMessage(), last.error.getSQLState(), last.error.getErrorCode(), last.error);
        }
        try {
            Connection connection = dial(writer);
            refusal = null;
            return connection;
        } catch (SQLException e) {
            refusal = new Refusal(deadline.now(), e);
            throw e;
        }
    }

    private Connection dial(boolean writer) throws SQLException {
        Properties options = address.properties();
        int silence = (int) limits.statement() + SILENCE_MILLIS;
        int login = Math.min(silence, LOGIN_SILENCE_MILLIS);
        options.setProperty("socketTimeout", Integer.toString(socketTimeout(login)));
        Connection connection = driver().connect(address.jdbcUrl(), options);
        if (connection == null) {
            throw new SQLException("the driver does not know this kind of URL", "08001");
        }
        try (Statement statement = connection.createStatement()) {
            prepare(connection, statement, writer);
            connection.setAutoCommit(false);
            if (silence > login) {
                connection.setNetworkTimeout(Runnable::run, silence);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public final void begin(Connection connection) {
        // Begun by the first statement.
    }

    @Override
    public final void commit(Connection connection) throws SQLException {
        connection.commit();
    }

    @Override
    public final void rollback(Connection connection) throws SQLException {
        connection.rollback();
    }

    @Override
    public final boolean answers(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            int millis = connection.getNetworkTimeout();
            connection.setNetworkTimeout(Runnable::run, CHECK_MILLIS);
            statement.execute("SELECT 1");
            connection.rollback();
            connection.setNetworkTimeout(Runnable::run, millis);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /**
     * Runs {@code work} under a lock of the session, which ends with the connection, however that ends. It is asked for again and again, at most
     * as long as work may wait for its begin: one long wait would end by the limit of a statement, or of the driver, and look like a failure.
     */
    final void alone(Session session, Function<Sql, Boolean> tryLock, Runnable work) {
        long end = session.clock().nanos() + limits.queue() * 1_000_000;
        try {
            while (!session.transaction(false, tryLock)) {
                if (session.clock().nanos() > end) {
                    throw new StoreException(Kind.UNAVAILABLE, "cannot bring the tables up to date: another natsjob has been at it for "
                            + limits.queue() / 1_000 + " s; wait for it, or end it");
                }
                LockSupport.parkNanos(LOCK_RETRY_NANOS);
            }
            work.run();
        } finally {
            session.close();
        }
    }

    @Override
    public final StoreException failure(String purpose, SQLException error) {
        StoreException told = FailureWords.of(address, error, purpose);
        return lostRace(error) ? StoreException.lostRace(told.getMessage(), error) : told;
    }

    @Override
    public final StoreException commitFailure(SQLException error) {
        StoreException told = failure("commit", error);
        if (told.again() || surelyNotCommitted(error.getSQLState())) {
            return told;
        }
        return new StoreException(Kind.COMMIT_UNKNOWN, told.getMessage() + "; whether it was committed is unknown", error);
    }

    /** A violated constraint, or the rollback of a transaction that had failed before. */
    private static boolean surelyNotCommitted(String state) {
        return state != null && (state.startsWith("23") || state.equals("25P02") || state.equals("40000"));
    }

    @Override
    public final String describe() {
        return address.describe();
    }

    final TimeLimits limits() {
        return limits;
    }
}
