package io.natsjob.store;

import java.sql.Connection;
import java.sql.Driver;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;

/** MySQL and MariaDB. Their CREATE TABLE commits by itself, so that a start that dies in the middle leaves half of the tables. */
final class MysqlDialect extends ServerDialect {
    /** Rule 12: so long may a transaction of a frozen server hold its rows. */
    private static final int IDLE_SECONDS = 2;
    /** In SQL, so that the name of the database stays the server's; names of locks have at most 64 characters. */
    private static final String LOCK = "CONCAT('natsjob.', MD5(DATABASE()))";

    private volatile boolean mariadb;

    MysqlDialect(DatabaseAddress address, TimeLimits limits) {
        super(address, limits);
    }

    @Override
    public String name() {
        return "mysql";
    }

    @Override
    Driver driver() throws SQLException {
        return new com.mysql.cj.jdbc.Driver();
    }

    @Override
    int socketTimeout(int millis) {
        return millis;
    }

    @Override
    void prepare(Connection connection, Statement statement, boolean writer) throws SQLException {
        try (ResultSet version = statement.executeQuery("SELECT VERSION()")) {
            mariadb = version.next() && version.getString(1).toLowerCase(Locale.ROOT).contains("mariadb");
        }
        statement.execute("SET SESSION TRANSACTION ISOLATION LEVEL " + (writer ? "READ COMMITTED, READ WRITE" : "REPEATABLE READ, READ ONLY"));
        statement.execute("SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', innodb_lock_wait_timeout = " + seconds(limits().statement())
                + ", " + statementLimit(limits().statement()) + idleLimit(writer));
    }

    /** MySQL's own limit counts for SELECT alone; its other statements end by the lock wait, or when the driver gives up. */
    private String statementLimit(long millis) {
        return mariadb ? "max_statement_time = " + millis / 1_000.0 : "max_execution_time = " + millis;
    }

    /** MySQL ends idle connections of any kind: the pool keeps those that write busy. */
    private String idleLimit(boolean writer) {
        if (mariadb) {
            return ", idle_transaction_timeout = " + (writer ? IDLE_SECONDS : seconds(limits().transactionOf(false)));
        }
        return writer ? ", wait_timeout = " + IDLE_SECONDS : "";
    }

    private static long seconds(long millis) {
        return Math.max(1, millis / 1_000);
    }

    /** Of MariaDB too, where it is not needed and harmless: which of both it is, only the first connection tells. */
    @Override
    long keepAliveMillis(boolean writer) {
        return writer ? IDLE_SECONDS * 500L : super.keepAliveMillis(false);
    }

    /** Rows come as the caller takes them, so that the limit of one statement must be that of the whole read. */
    @Override
    public void beginStream(PreparedStatement statement) throws SQLException {
        limit(statement, limits().transactionOf(false));
        statement.setFetchSize(Integer.MIN_VALUE);
    }

    @Override
    public void endStream(PreparedStatement statement) throws SQLException {
        statement.setFetchSize(0);
        limit(statement, limits().statement());
    }

    private void limit(PreparedStatement statement, long millis) throws SQLException {
        try (Statement set = statement.getConnection().createStatement()) {
            set.execute("SET SESSION " + statementLimit(millis));
        }
    }

    @Override
    public String upsert(Upsert upsert) {
        return upsert.onDuplicateKey();
    }

    @Override
    public void alone(Session session, Runnable work) {
        alone(session, MysqlDialect::lock, work);
    }

    private static boolean lock(Sql sql) {
        return sql.one("SELECT GET_LOCK(" + LOCK + ", 0)", row -> row.flag(1)).orElse(false);
    }

    @Override
    String clockQuestion() {
        return "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(3)) DIV 1000";
    }

    /** A wait for a lock that took too long is one too: its statement alone is undone, and the session undoes the rest. */
    @Override
    boolean lostRace(SQLException error) {
        return error.getErrorCode() == 1213 || error.getErrorCode() == 1205;
    }
}
