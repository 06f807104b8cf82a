package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What the start on a database that is a server must do with its tables: starts that meet, upgrades, starts that died. */
abstract class UpgradeContract extends ServerCase {
    /** The folder of the scripts. */
    abstract String scripts();

    @Test
    void two_starts_at_once_on_an_empty_database_both_come_up_20_times() throws Exception {
        for (int round = 1; round <= 20; round++) {
            String fresh = shared().create();
            CountDownLatch go = new CountDownLatch(1);
            Callable<Long> start = () -> {
                go.await();
                try (Database database = Servers.open(shared(), fresh, Clock.system())) {
                    assertEquals(1, database.read(sql -> AppTable.page(sql, null, null, 0, 10)).size());
                    assertEquals(1, database.read(LeaderTable::read).changeSeq(), "seeded once");
                    return database.read(sql -> sql.one("SELECT COUNT(*) FROM natsjob_version", row -> row.longAt(1))).orElseThrow();
                }
            };
            Future<Long> one = callers.submit(start);
            Future<Long> two = callers.submit(start);
            go.countDown();
            assertEquals(Scripts.count(scripts()), one.get(60, TimeUnit.SECONDS), "round " + round);
            assertEquals(Scripts.count(scripts()), two.get(60, TimeUnit.SECONDS), "round " + round);
            shared().drop(fresh);
        }
    }

    /** Longer than a statement may take, and than the driver waits for an answer: a start waits, and goes on when the other one ends. */
    @Test
    void a_start_waits_for_one_that_is_at_the_tables_longer_than_a_statement_may_take_and_gives_up_at_the_limit() throws Exception {
        TimeLimits limits = new TimeLimits(9_000, 1_000, 60_000, 60_000);
        CountDownLatch holds = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Future<Boolean> first = callers.submit(() -> {
            alone(limits, () -> {
                holds.countDown();
                await(release);
            });
            return true;
        });
        assertTrue(holds.await(60, TimeUnit.SECONDS));
        long start = System.nanoTime();
        StoreException refused = assertThrows(StoreException.class, () -> alone(limits, () -> { }));
        assertEquals("cannot bring the tables up to date: another natsjob has been at it for 9 s; wait for it, or end it", refused.getMessage());
        assertTrue(System.nanoTime() - start >= 9_000_000_000L);
        AtomicInteger ran = new AtomicInteger();
        Future<Boolean> second = callers.submit(() -> {
            alone(limits, ran::incrementAndGet);
            return true;
        });
        assertThrows(TimeoutException.class, () -> second.get(1, TimeUnit.SECONDS));
        assertEquals(0, ran.get());
        release.countDown();
        assertTrue(first.get(60, TimeUnit.SECONDS) && second.get(60, TimeUnit.SECONDS));
        assertEquals(1, ran.get());
    }

    private void alone(TimeLimits limits, Runnable work) {
        DatabaseAddress address = Servers.address(shared(), name);
        ServerDialect dialect = scripts().equals("mysql") ? new MysqlDialect(address, limits) : new PostgresDialect(address, limits);
        try (Session session = new Session(dialect, true, Clock.system(), limits)) {
            dialect.alone(session, work);
        }
    }

    /** Wherever it died: what the database keeps of its statements is what it would keep of ours. */
    @Test
    void a_start_that_died_in_the_middle_is_finished_by_the_next() throws SQLException, IOException {
        List<String> statements = statements(1);
        for (int done = 0; done <= statements.size(); done += 3) {
            String fresh = shared().create();
            try (Connection dying = shared().connect(fresh); Statement statement = dying.createStatement()) {
                dying.setAutoCommit(false);
                statement.execute("CREATE TABLE IF NOT EXISTS natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)");
                dying.commit();
                for (String sql : statements.subList(0, done)) {
                    statement.execute(sql);
                }
                dying.rollback();
            }
            try (Database database = Servers.open(shared(), fresh, Clock.system())) {
                assertEquals(new Marks(0, 0, 0, 0, 1), database.read(LeaderTable::read), "after " + done + " statements");
                assertEquals("v", put(database, "k", "v"));
            }
            shared().drop(fresh);
        }
    }

    /** Likewise on tables of the first release that hold runs. */
    @Test
    void an_upgrade_keeps_the_runs_and_is_finished_by_the_next_start_where_it_died_in_the_middle() throws SQLException, IOException {
        List<String> later = Scripts.upgrades(scripts());
        for (int done = 0; done <= later.size(); done++) {
            String old = shared().create();
            try (Connection dying = shared().connect(old); Statement statement = dying.createStatement()) {
                FirstRelease.make(dying, scripts());
                dying.setAutoCommit(false);
                for (String sql : later.subList(0, done)) {
                    statement.execute(sql);
                }
                dying.rollback();
            }
            try (Database database = Servers.open(shared(), old, Clock.system())) {
                FirstRelease.assertUpgraded(database);
            }
            shared().drop(old);
        }
    }

    private List<String> statements(int script) throws IOException {
        return Scripts.statements(scripts(), script);
    }

    @Test
    void tables_of_a_newer_natsjob_are_refused_and_a_restart_keeps_what_was_written() {
        try (Database database = open()) {
            put(database, "k", "v");
        }
        try (Database database = open()) {
            assertEquals("v", database.read(sql -> SettingTable.find(sql, "k")).orElseThrow());
            database.write(Priority.EDIT, sql -> sql.update("INSERT INTO natsjob_version (version, applied_at) VALUES (99, 0)"));
        }
        StoreException refused = assertThrows(StoreException.class, () -> open().close());
        assertEquals(StoreException.Kind.REJECTED, refused.kind());
        assertSays(refused.getMessage(), name, "version 99", "up to " + Scripts.count(scripts()), "start the newer natsjob");
        assertFalse(refused.getMessage().contains(DatabaseServer.PASSWORD));
    }
}
