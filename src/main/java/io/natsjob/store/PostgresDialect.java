package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** PostgreSQL 12 and later; KingbaseES in its PostgreSQL mode speaks the same. */
final class PostgresDialect extends ServerDialect {
    /** The letters of natsjob: the advisory lock under which tables are brought up to date. */
    private static final long LOCK = 0x6e_6174_736a_6f62L;
    private static final int LOCK_MILLIS = 60_000;
    private static final int ROWS_AT_ONCE = 500;
    /** Rule 12: so long may a transaction of a frozen server hold its rows. */
    private static final int IDLE_MILLIS = 2_000;

    PostgresDialect(ServerPlace place, TimeLimits limits) {
        super(place, limits);
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    Driver driver() {
        return new org.postgresql.Driver();
    }

    @Override
    void fix(Properties options) {
        options.setProperty("reWriteBatchedInserts", "true");
        options.setProperty("logServerErrorDetail", "false"); // the detail of an error holds the row's values
        options.setProperty("connectTimeout", Integer.toString(CONNECT_MILLIS / 1_000));
        options.setProperty("socketTimeout", Integer.toString(socketMillis() / 1_000));
        options.setProperty("tcpKeepAlive", "true");
        options.setProperty("ApplicationName", "natsjob");
    }

    @Override
    void prepare(Connection connection, Statement statement, boolean writer) throws SQLException {
        statement.execute("SET statement_timeout = " + limits().statement()
                + "; SET idle_in_transaction_session_timeout = " + (writer ? IDLE_MILLIS : limits().transactionOf(false))
                + "; SET default_transaction_isolation = '" + (writer ? "read committed" : "repeatable read") + "'"
                + "; SET default_transaction_read_only = " + (writer ? "off" : "on")
                + "; SET client_min_messages = warning");
    }

    /** Rows come by a cursor; the statement's limit counts for each fetch. */
    @Override
    public void beginStream(PreparedStatement statement) throws SQLException {
        statement.setFetchSize(ROWS_AT_ONCE);
    }

    @Override
    public void endStream(PreparedStatement statement) throws SQLException {
        statement.setFetchSize(0);
    }

    @Override
    public String upsert(Upsert upsert) {
        return upsert.onConflict();
    }

    /** A lock of the session: it ends with the connection, however that ends. */
    @Override
    public void alone(Session session, Runnable work) {
        session.transaction(false, sql -> {
            sql.list("SELECT set_config('lock_timeout', '" + LOCK_MILLIS + "', false)", row -> row.text(1));
            return sql.list("SELECT pg_advisory_lock(" + LOCK + ")", row -> true);
        });
        try {
            work.run();
        } finally {
            session.close();
        }
    }

    @Override
    Fault fault(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return switch (state) {
            case "57014" -> Fault.SLOW;
            case "55P03" -> Fault.unavailable("another program holds a lock for too long; it may be a natsjob that brings the tables up to date");
            case "57P01", "57P02", "57P03" -> Fault.STOPPING;
            case "25P03" -> Fault.unavailable("the transaction stood still for over " + IDLE_MILLIS + " ms and was ended by the server");
            case "25006" -> Fault.READ_ONLY;
            case "25P02", "40000" -> new Fault(Kind.UNAVAILABLE, "an earlier statement of the transaction had failed", false, true);
            case "53300" -> Fault.CROWDED;
            case "53100" -> Fault.FULL;
            case "53200", "58030" -> Fault.unavailable("the server is out of memory or its disk reports an error (SQLSTATE " + state + "): see its log");
            default -> Fault.ofState(error);
        };
    }
}
