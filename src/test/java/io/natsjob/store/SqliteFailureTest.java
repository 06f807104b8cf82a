package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** A running SQLite database in trouble: full disk, foreign locks, endless statements, callers that give up. */
@Timeout(60)
final class SqliteFailureTest {
    private static final String ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT COUNT(*) FROM n";
    @TempDir
    private Path folder;
    private SqliteDatabase database;

    private void open(TimeLimits limits) {
        StoreOptions options = new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1);
        database = (SqliteDatabase) SqliteDatabase.open(options, Clock.system(), limits);
    }

    @BeforeEach
    void openWithShortLimits() {
        open(new TimeLimits(10_000, 200, 10_000, 10_000));
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    private void setting(String name) {
        database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, name, "v"));
    }

    private boolean hasSetting(String name) {
        return database.read(sql -> SettingTable.find(sql, name)).isPresent();
    }

    @Test
    void a_full_disk_is_told_plainly_and_is_over_when_there_is_room() {
        int pages = database.write(Priority.EDIT, sql -> sql.one("PRAGMA page_count", row -> row.intAt(1))).orElseThrow();
        database.write(Priority.EDIT, sql -> sql.one("PRAGMA max_page_count=" + (pages + 1), row -> row.intAt(1)));
        StoreException full = assertThrows(StoreException.class,
                () -> database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, "big", "x".repeat(100_000))));
        assertEquals(StoreException.Kind.UNAVAILABLE, full.kind());
        assertTrue(full.isDiskFull() && database.outage().diskFull());
        assertTrue(full.getMessage().startsWith("cannot insert into natsjob_setting: the disk is full: free space on the disk of "), full.getMessage());
        assertFalse(database.up());
        assertEquals(full.getMessage(), database.problem());
        database.write(Priority.EDIT, sql -> sql.one("PRAGMA max_page_count=1000000", row -> row.intAt(1)));
        setting("after");
        assertTrue(database.up());
        assertNull(database.problem());
        assertFalse(hasSetting("big"));
    }

    @Test
    void the_lock_of_another_program_is_told_and_reads_go_on() throws SQLException {
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("natsjob.db")); Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");
            StoreException locked = assertThrows(StoreException.class, () -> setting("a"));
            assertEquals(StoreException.Kind.UNAVAILABLE, locked.kind());
            assertTrue(locked.getMessage().contains("is locked by another program"), locked.getMessage());
            assertFalse(hasSetting("a"));
            statement.execute("ROLLBACK");
        }
        setting("a");
        assertTrue(hasSetting("a"));
    }

    @Test
    void an_endless_statement_is_stopped_and_the_thread_goes_on() {
        StoreException read = assertThrows(StoreException.class, () -> database.read(sql -> sql.one(ENDLESS, row -> row.longAt(1))));
        assertEquals(StoreException.Kind.UNAVAILABLE, read.kind());
        assertTrue(read.getMessage().contains("took longer than allowed"), read.getMessage());
        StoreException write = assertThrows(StoreException.class, () -> database.write(Priority.EDIT, sql -> {
            SettingTable.putIfAbsent(sql, "a", "v");
            return sql.update("UPDATE natsjob_leader SET synced = (" + ENDLESS + ") WHERE id = 1");
        }));
        assertEquals("cannot update natsjob_leader: it took longer than allowed and was stopped (SQLITE_INTERRUPT)", write.getMessage());
        assertFalse(hasSetting("a"), "rolled back");
        setting("b");
        assertTrue(hasSetting("b"));
    }

    @Test
    void a_transaction_of_many_short_statements_is_stopped_too() {
        database.close();
        open(new TimeLimits(10_000, 10_000, 50, 10_000));
        StoreException stopped = assertThrows(StoreException.class, () -> database.write(Priority.EDIT, sql -> {
            while (true) {
                LeaderTable.nextChange(sql);
            }
        }));
        assertTrue(stopped.getMessage().contains("the transaction took longer than 50 ms"), stopped.getMessage());
        assertEquals(1, database.read(LeaderTable::read).changeSeq(), "rolled back");
    }

    @Test
    void an_unread_row_of_a_failing_reader_holds_nothing() {
        assertThrows(IllegalStateException.class, () -> database.read(sql -> {
            sql.each("SELECT id FROM natsjob_app UNION ALL SELECT id FROM natsjob_namespace", row -> {
                throw new IllegalStateException("on purpose");
            });
            return null;
        }));
        setting("a");
        assertTrue(hasSetting("a"));
    }

    @Test
    void a_statement_may_run_inside_itself() {
        List<Long> seen = new ArrayList<>();
        database.read(sql -> {
            String twoRows = "SELECT id FROM natsjob_app UNION ALL SELECT id + 1 FROM natsjob_app";
            sql.each(twoRows, outer -> sql.each(twoRows, inner -> seen.add(10 * outer.longAt(1) + inner.longAt(1))));
            return null;
        });
        assertEquals(List.of(11L, 12L, 21L, 22L), seen);
    }

    @Test
    void a_value_that_is_refused_is_no_outage_and_is_not_in_the_message() {
        StoreException refused = assertThrows(StoreException.class, () -> database.write(Priority.EDIT,
                sql -> sql.update("INSERT INTO natsjob_setting (name, content) VALUES (?, ?)", "secret-name", null)));
        assertEquals(StoreException.Kind.REJECTED, refused.kind());
        assertTrue(refused.getMessage().startsWith("cannot insert into natsjob_setting: "), refused.getMessage());
        assertFalse(refused.getMessage().contains("secret-name"));
        assertTrue(database.up());
    }

    @Test
    void a_parameter_of_an_unknown_type_is_a_mistake_of_the_caller() {
        assertThrows(IllegalArgumentException.class, () -> database.write(Priority.EDIT, sql -> sql.update("DELETE FROM natsjob_setting WHERE name = ?", 1.5)));
    }

    @Test
    void the_outcome_of_a_commit_is_unknown_only_where_nobody_knows() {
        Dialect dialect = new SqliteDialect(Path.of("x.db"), 1);
        assertEquals(StoreException.Kind.COMMIT_UNKNOWN, dialect.commitFailure(new SQLiteException("", SQLiteErrorCode.SQLITE_IOERR_FSYNC)).kind());
        assertEquals(StoreException.Kind.COMMIT_UNKNOWN, dialect.commitFailure(new SQLException("")).kind());
        assertEquals(StoreException.Kind.UNAVAILABLE, dialect.commitFailure(new SQLiteException("", SQLiteErrorCode.SQLITE_FULL)).kind());
        assertEquals(StoreException.Kind.UNAVAILABLE, dialect.commitFailure(new SQLiteException("", SQLiteErrorCode.SQLITE_BUSY_SNAPSHOT)).kind());
    }

    @Test
    void an_interrupted_caller_withdraws_work_that_has_not_begun() throws InterruptedException {
        Blocker blocker = new Blocker(database);
        Thread.currentThread().interrupt();
        StoreException withdrawn = assertThrows(StoreException.class, () -> setting("a"));
        assertTrue(Thread.interrupted(), "the flag stays set");
        assertTrue(withdrawn.getMessage().startsWith("interrupted: "), withdrawn.getMessage());
        assertEquals(0, database.waitingWrites());
        blocker.release();
        setting("b");
        assertFalse(hasSetting("a"));
        assertTrue(hasSetting("b"));
        assertTrue(database.up());
    }

    @Test
    void work_that_waits_too_long_is_withdrawn() throws InterruptedException {
        database.close();
        open(new TimeLimits(50, 10_000, 10_000, 10_000));
        Blocker blocker = new Blocker(database);
        StoreException withdrawn = assertThrows(StoreException.class, () -> setting("a"));
        assertEquals(StoreException.Kind.UNAVAILABLE, withdrawn.kind());
        assertTrue(withdrawn.getMessage().contains("busy for 50 ms"), withdrawn.getMessage());
        blocker.release();
        assertFalse(hasSetting("a"));
    }

    @Test
    void a_caller_does_not_wait_for_ever_for_work_that_hangs() throws InterruptedException {
        database.close();
        open(new TimeLimits(500, 100, 100, 100));
        CountDownLatch hang = new CountDownLatch(1);
        StoreException unknown = assertThrows(StoreException.class, () -> database.write(Priority.EDIT, sql -> {
            Blocker.await(hang);
            return null;
        }));
        assertEquals(StoreException.Kind.COMMIT_UNKNOWN, unknown.kind());
        assertFalse(database.up());
        hang.countDown();
    }

    @Test
    void waiting_writes_run_by_priority_and_then_by_arrival() throws InterruptedException {
        Blocker blocker = new Blocker(database);
        List<String> order = new ArrayList<>();
        List<Thread> callers = new ArrayList<>();
        for (Priority priority : List.of(Priority.RETENTION, Priority.STEPS, Priority.ANSWERS, Priority.EDIT, Priority.CLAIM)) {
            for (int n = 1; n <= 2; n++) {
                String name = priority + "-" + n;
                int before = callers.size();
                callers.add(Thread.startVirtualThread(() -> database.write(priority, sql -> order.add(name))));
                while (database.waitingWrites() <= before) {
                    Thread.onSpinWait();
                }
            }
        }
        blocker.release();
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(List.of("CLAIM-1", "CLAIM-2", "EDIT-1", "EDIT-2", "ANSWERS-1", "ANSWERS-2", "STEPS-1", "STEPS-2", "RETENTION-1", "RETENTION-2"), order);
    }

    @Test
    void closing_ends_what_waits_and_refuses_more() throws InterruptedException {
        Blocker blocker = new Blocker(database);
        Thread caller = Thread.startVirtualThread(() -> setting("a"));
        while (database.waitingWrites() == 0) {
            Thread.onSpinWait();
        }
        Thread closer = Thread.startVirtualThread(database::close);
        blocker.release();
        caller.join();
        closer.join();
        assertEquals("the database is closed", assertThrows(StoreException.class, () -> setting("b")).getMessage());
        open(TimeLimits.DEFAULT);
        assertTrue(hasSetting("a"));
    }

    /** Keeps the writer busy until released. */
    private static final class Blocker {
        private final CountDownLatch release = new CountDownLatch(1);
        private final Thread caller;

        Blocker(Database database) throws InterruptedException {
            CountDownLatch begun = new CountDownLatch(1);
            caller = Thread.startVirtualThread(() -> database.write(Priority.CLAIM, sql -> {
                begun.countDown();
                await(release);
                return null;
            }));
            begun.await();
        }

        void release() throws InterruptedException {
            release.countDown();
            caller.join();
        }

        static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
