package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.App;
import io.natsjob.job.Job;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a database that is a server must do beyond the contract of the store: races, leaks, outages. */
abstract class ServerContract extends ServerCase {
    abstract DatabaseServer own();

    /** The word of the dialect. */
    abstract String scripts();

    @Test
    void names_of_64_characters_and_emoji_are_kept_whole_and_a_longer_text_is_refused_not_cut() {
        try (Database database = open()) {
            App app = database.read(sql -> AppTable.findByName(sql, "app", "biz")).orElseThrow();
            Job job = Samples.job(10, app, "n".repeat(64));
            database.write(Priority.EDIT, sql -> JobTable.insert(sql, job, LeaderTable.nextChange(sql)));
            assertEquals(job, database.read(sql -> JobTable.find(sql, 10)).orElseThrow());
            assertEquals("😀".repeat(1_000), put(database, "emoji", "😀".repeat(1_000)));
            StoreException refused = assertThrows(StoreException.class, () -> put(database, "s".repeat(65), "secret"));
            assertEquals(StoreException.Kind.REJECTED, refused.kind());
            assertEquals("cannot insert into natsjob_setting: a text is longer than its column", refused.getMessage());
            assertTrue(database.up());
        }
    }

    @Test
    void a_read_sees_one_snapshot_and_a_write_the_newest() throws Exception {
        try (Database database = open()) {
            List<Long> seen = database.read(sql -> {
                long first = LeaderTable.read(sql).changeSeq();
                join(callers.submit(() -> database.write(Priority.EDIT, LeaderTable::nextChange)));
                return List.of(first, LeaderTable.read(sql).changeSeq());
            });
            assertEquals(List.of(1L, 1L), seen);
            seen = database.write(Priority.EDIT, sql -> {
                long first = LeaderTable.read(sql).changeSeq();
                join(callers.submit(() -> database.write(Priority.CLAIM, LeaderTable::nextChange)));
                return List.of(first, LeaderTable.read(sql).changeSeq());
            });
            assertEquals(List.of(2L, 3L), seen);
        }
    }

    private static <T> T join(Future<T> future) {
        try {
            return future.get(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void results_leave_a_connection_to_an_edit_and_one_to_a_claim_and_say_when_none_is_left() throws Exception {
        try (Database database = open(new TimeLimits(300, 5_000, 30_000, 30_000))) {
            assertEquals(10, database.parallelBatches());
            CountDownLatch release = new CountDownLatch(1);
            CountDownLatch begun = new CountDownLatch(10);
            List<Future<?>> batches = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                batches.add(callers.submit(() -> database.write(Priority.ANSWERS, sql -> {
                    begun.countDown();
                    return await(release);
                })));
            }
            begun.await();
            StoreException full = assertThrows(StoreException.class, () -> database.write(Priority.ANSWERS, sql -> null));
            assertEquals("no connection to the database became free within 300 ms (12 in all, 10 active, 2 idle, 1 waiting): the work was withdrawn before it began",
                    full.getMessage());
            assertEquals("v", put(database, "k", "v"), "an edit has its own");
            database.write(Priority.EDIT, sql -> {
                join(callers.submit(() -> database.writeDurably(Priority.CLAIM, LeaderTable::nextChange)));
                return null;
            });
            release.countDown();
            for (Future<?> batch : batches) {
                join(batch);
            }
            database.write(Priority.ANSWERS, sql -> null);
            assertTrue(database.up(), "a full pool is no outage");
        }
    }

    @Test
    void transactions_that_block_each_other_both_succeed_one_of_them_run_again() {
        try (Database database = open()) {
            put(database, "a", "0");
            put(database, "b", "0");
            CountDownLatch bothHold = new CountDownLatch(2);
            AtomicInteger begun = new AtomicInteger();
            Future<Boolean> one = callers.submit(() -> both(database, bothHold, begun, "a", "b"));
            Future<Boolean> two = callers.submit(() -> both(database, bothHold, begun, "b", "a"));
            assertTrue(join(one) && join(two));
            assertTrue(begun.get() > 2, "begun " + begun);
            assertEquals(List.of("2", "2"), List.of(database.read(sql -> SettingTable.find(sql, "a")).orElseThrow(),
                    database.read(sql -> SettingTable.find(sql, "b")).orElseThrow()));
        }
    }

    private static boolean both(Database database, CountDownLatch bothHold, AtomicInteger begun, String first, String second) {
        return database.write(Priority.ANSWERS, sql -> {
            begun.incrementAndGet();
            add(sql, first);
            bothHold.countDown();
            await(bothHold);
            add(sql, second);
            return true;
        });
    }

    private static void add(Sql sql, String setting) {
        int is = Integer.parseInt(sql.one("SELECT content FROM natsjob_setting WHERE name = ? FOR UPDATE", row -> row.text(1), setting).orElseThrow());
        sql.update("UPDATE natsjob_setting SET content = ? WHERE name = ?", Integer.toString(is + 1), setting);
    }

    @Test
    void a_transaction_that_stands_still_loses_its_rows_after_2_seconds() throws Exception {
        try (Database frozen = open(); Database other = open()) {
            CountDownLatch holds = new CountDownLatch(1);
            CountDownLatch release = new CountDownLatch(1);
            Future<Long> lost = callers.submit(() -> frozen.write(Priority.CLAIM, sql -> {
                LeaderTable.nextChange(sql);
                holds.countDown();
                await(release);
                return LeaderTable.nextChange(sql);
            }));
            holds.await();
            long start = System.nanoTime();
            assertTrue((boolean) other.write(Priority.CLAIM, sql -> LeaderTable.raiseTerm(sql, 0)));
            assertTrue(System.nanoTime() - start < 4_500_000_000L, "waited for the frozen one");
            release.countDown();
            Throwable failure = assertThrows(ExecutionException.class, lost::get).getCause();
            assertEquals(StoreException.Kind.UNAVAILABLE, ((StoreException) failure).kind(), failure.getMessage());
            assertEquals(1, other.read(LeaderTable::read).changeSeq(), "rolled back");
            frozen.write(Priority.CLAIM, LeaderTable::nextChange);
            assertTrue(frozen.up());
        }
    }

    @Test
    void a_statement_is_stopped_at_its_limit() {
        try (Database database = open(new TimeLimits(10_000, 1_000, 30_000, 30_000))) {
            String pause = scripts().equals("mysql") ? "SELECT SLEEP(20)" : "SELECT 1 FROM (SELECT pg_sleep(20)) AS s";
            long start = System.nanoTime();
            StoreException slow = assertThrows(StoreException.class, () -> database.write(Priority.EDIT, sql -> sql.list(pause, row -> row.intAt(1))));
            assertSays(slow.getMessage(), "took longer than allowed");
            assertTrue(System.nanoTime() - start < 10_000_000_000L);
            put(database, "k", "v");
        }
    }

    @Test
    void its_clock_is_compared_with_ours() {
        long now = System.currentTimeMillis();
        for (long ours : new long[] {now, now + 5_000, now - 3_600_000}) {
            try (Database database = Servers.open(shared(), name, new SettableClock(ours))) {
                long ahead = database.clockAhead().orElseThrow();
                long off = System.currentTimeMillis() - ours;
                assertTrue(Math.abs(ahead - off) < 5_000 - 1 && ahead <= off, "ahead " + ahead + ", expected at most " + off);
            }
        }
        try (Database database = open()) {
            assertTrue(Math.abs(database.clockAhead().orElseThrow()) < 50);
        }
    }

    @Test
    void an_interrupted_caller_leaves_its_begun_work_in_peace() {
        try (Database database = open()) {
            Thread.currentThread().interrupt();
            assertEquals("v", database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, "k", "v")));
            assertTrue(Thread.interrupted(), "the flag stays set");
            assertEquals("v", database.read(sql -> SettingTable.find(sql, "k")).orElseThrow());
        }
    }

    @Test
    void many_rows_are_handed_over_one_by_one() {
        try (Database database = open()) {
            List<NewRun> runs = new ArrayList<>();
            for (int i = 1; i <= 3_000; i++) {
                runs.add(Samples.claim(i, 8, i));
            }
            database.write(Priority.CLAIM, sql -> {
                RunTable.insert(sql, 1, runs);
                return null;
            });
            for (int round = 0; round < 2; round++) {
                AtomicInteger count = new AtomicInteger();
                database.read(sql -> {
                    RunTable.eachOpen(sql, 0, run -> count.incrementAndGet());
                    return RunTable.lastId(sql);
                });
                assertEquals(3_000, count.get());
            }
        }
    }

    @Test
    void a_server_that_stops_is_told_fast_and_its_return_is_noticed() {
        try (DatabaseServer server = own()) {
            try (Database database = Servers.open(server, server.create(), Clock.system())) {
                put(database, "k", "v");
                for (Runnable end : List.<Runnable>of(server::stop, server::kill)) {
                    end.run();
                    long start = System.nanoTime();
                    for (int i = 0; i < 5; i++) {
                        StoreException away = assertThrows(StoreException.class, () -> put(database, "k", "w"));
                        assertEquals(StoreException.Kind.UNAVAILABLE, away.kind(), away.getMessage());
                        assertThrows(StoreException.class, () -> database.read(LeaderTable::read));
                    }
                    assertTrue(System.nanoTime() - start < 5_000_000_000L, "ten calls while it is away");
                    assertFalse(database.up());
                    server.start();
                    Eventually.await("the database works again", Duration.ofSeconds(10), () -> works(database));
                    assertTrue(database.up());
                    assertNull(database.problem());
                }
            }
        }
    }

    private static boolean works(Database database) {
        try {
            return put(database, "k", "w").equals("v");
        } catch (StoreException e) {
            return false;
        }
    }
}
