package io.natsjob.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.JDBC;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

/**
 * SQLite in WAL mode. A statement's time limit is a progress handler: the driver's setQueryTimeout only sets the time that
 * a statement waits for another program's lock. The handler is asked while SQLite computes, not during an fsync.
 */
final class SqliteDialect implements Dialect {
    /** Steps of SQLite's machine between two looks at the clock: about a millisecond. */
    private static final int STEPS_PER_CLOCK_LOOK = 50_000;
    private static final int WRITER_CACHE_KIB = 4_096;
    private static final int READER_CACHE_KIB = 1_024;
    /** A page is 4 KiB: at most 1 MB is moved at a time. */
    private static final long VACUUM_PAGES = 256;
    private static final long MIN_FREE_PAGES = 256;
    private static final long FREE_SHARE = 8;
    private static final long INCREMENTAL = 2;
    private static final int JOURNAL_BYTES_KEPT = 16 * 1_024 * 1_024;

    private final Path file;
    private final int busyMillis;

    /** @param busyMillis how long a statement waits for the lock of another program, such as the sqlite3 shell */
    SqliteDialect(Path file, int busyMillis) {
        this.file = file;
        this.busyMillis = busyMillis;
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public String describe() {
        return "sqlite " + file;
    }

    @Override
    public Connection connect(boolean writer, Deadline deadline) throws SQLException {
        SqliteLibrary.ensureLoaded();
        SQLiteConfig config = new SQLiteConfig();
        config.setTransactionMode(writer ? SQLiteConfig.TransactionMode.IMMEDIATE : SQLiteConfig.TransactionMode.DEFERRED);
        config.setBusyTimeout(busyMillis);
        Connection connection = JDBC.createConnection("jdbc:sqlite:" + file.toAbsolutePath(), config.toProperties());
        try {
            prepare(connection, writer);
            ProgressHandler.setHandler(connection, STEPS_PER_CLOCK_LOOK, new ProgressHandler() {
                @Override
                protected int progress() {
                    return deadline.passed() ? 1 : 0;
                }
            });
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    private void prepare(Connection connection, boolean writer) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (writer) {
                // Takes effect only before the first page is written, so it comes before WAL: freed pages can be given back later.
                statement.execute("PRAGMA auto_vacuum=INCREMENTAL");
                requireWal(statement);
                statement.execute("PRAGMA journal_size_limit=" + JOURNAL_BYTES_KEPT);
                statement.execute("PRAGMA synchronous=NORMAL");
            } else {
                statement.execute("PRAGMA query_only=ON");
            }
            statement.execute("PRAGMA cache_size=-" + (writer ? WRITER_CACHE_KIB : READER_CACHE_KIB));
            statement.execute("PRAGMA mmap_size=0");
            statement.execute("PRAGMA temp_store=MEMORY");
        }
    }

    private void requireWal(Statement statement) throws SQLException {
        try (var rows = statement.executeQuery("PRAGMA journal_mode=WAL")) {
            String mode = rows.next() ? rows.getString(1) : "none";
            if (!"wal".equalsIgnoreCase(mode)) {
                throw new StoreException(StoreException.Kind.UNAVAILABLE, "cannot switch " + file + " to write-ahead logging (it stays in mode " + mode
                        + "): the file must lie on a local disk, not on a network drive");
            }
        }
    }

    @Override
    public void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
    }

    @Override
    public void commit(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
    }

    @Override
    public void rollback(Connection connection) throws SQLException {
        connection.rollback();
        connection.setAutoCommit(true);
    }

    /** There is no server that could have gone. */
    @Override
    public boolean answers(Connection connection) {
        return true;
    }

    @Override
    public String upsert(Upsert upsert) {
        return upsert.onConflict();
    }

    /** The lock of the file keeps others out already. */
    @Override
    public void alone(Session session, Runnable work) {
        work.run();
    }

    @Override
    public void durability(Connection connection, boolean durable) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(durable ? "PRAGMA synchronous=FULL" : "PRAGMA synchronous=NORMAL");
        }
    }

    /** A transaction that changes no page is not synced, and what was committed before it would stay unsynced too. */
    @Override
    public void beforeDurableCommit(Sql sql) {
        sql.update("UPDATE natsjob_leader SET synced = synced + 1 WHERE id = 1");
    }

    /** Free pages are kept as room for new rows: an eighth of the file, at least 1 MB. A file that was not made by us may have no such mode. */
    @Override
    public boolean giveBackSpace(Sql sql) {
        long free = number(sql, "PRAGMA freelist_count");
        long kept = Math.max(MIN_FREE_PAGES, number(sql, "PRAGMA page_count") / FREE_SHARE);
        if (free <= kept || number(sql, "PRAGMA auto_vacuum") != INCREMENTAL) {
            return false;
        }
        // Each of its steps frees one page, so it must run to its end: a prepared statement would do the first only.
        try (Statement statement = sql.connection().createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + Math.min(VACUUM_PAGES, free - kept) + ")");
        } catch (SQLException e) {
            throw failure("give free space back", e);
        }
        return free - kept > VACUUM_PAGES;
    }

    private static long number(Sql sql, String pragma) {
        return sql.one(pragma, row -> row.longAt(1)).orElseThrow();
    }

    @Override
    public StoreException failure(String purpose, SQLException error) {
        return SqliteErrors.of(file, purpose, error);
    }

    @Override
    public StoreException commitFailure(SQLException error) {
        StoreException failure = failure("commit", error);
        if (error instanceof SQLiteException e && SqliteErrors.surelyNotCommitted(e.getResultCode())) {
            return failure;
        }
        return new StoreException(StoreException.Kind.COMMIT_UNKNOWN, failure.getMessage() + "; whether it was committed is unknown", error);
    }
}
