package io.natsjob.store;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

/** PostgreSQL 12 and later; KingbaseES in its PostgreSQL mode speaks the same. */
final class PostgresDialect extends ServerDialect {
    /** The letters of natsjob: the advisory lock under which tables are brought up to date. */
    private static final long LOCK = 0x6e_6174_736a_6f62L;
    private static final int ROWS_AT_ONCE = 500;
    /** Rule 12: so long may a transaction of a frozen server hold its rows. */
    private static final int IDLE_MILLIS = 2_000;

    PostgresDialect(DatabaseAddress address, TimeLimits limits) {
        super(address, limits);
    }

    @Override
    public String name() {
        return "postgres";
    }

    @Override
    Driver driver() {
        return new org.postgresql.Driver();
    }

    /** Whole seconds. */
    @Override
    int socketTimeout(int millis) {
        return Math.max(1, millis / 1_000);
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

    @Override
    public void alone(Session session, Runnable work) {
        alone(session, PostgresDialect::lock, work);
    }

    private static boolean lock(Sql sql) {
        return sql.one("SELECT CASE WHEN pg_try_advisory_lock(" + LOCK + ") THEN 1 ELSE 0 END", row -> row.flag(1)).orElse(false);
    }

    @Override
    String clockQuestion() {
        return "SELECT CAST(FLOOR(EXTRACT(EPOCH FROM clock_timestamp()) * 1000) AS BIGINT)";
    }

    @Override
    boolean lostRace(SQLException error) {
        return "40001".equals(error.getSQLState()) || "40P01".equals(error.getSQLState());
    }
}
