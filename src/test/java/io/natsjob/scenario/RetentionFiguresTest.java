package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.result.Retention;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long a writer takes while {@link Retention} deletes {@code -Dverify.rows} runs, beside the same writer alone, in rounds of as many
 * rows in as out: a result each millisecond or so, and a durable claim each hundredth time. A write is measured whole: the wait for its turn, its row and its
 * commit. {@code -Dverify.broken=true} deletes in large transactions: on SQLite the verdict must be bad then.
 */
@Tag("figures")
@Timeout(value = 100, unit = TimeUnit.MINUTES)
final class RetentionFiguresTest {
    private static final int ROWS = Scene.size("verify.rows", 1_000_000);
    /** At least 2, so that the file's size can be compared; then until one holds. */
    private static final int ROUNDS = Scene.size("verify.rounds", 6);
    private static final boolean BROKEN = Boolean.getBoolean("verify.broken");
    private static final double LIMIT_MILLIS = 50;
    private static final Duration ALONE = Duration.ofSeconds(Scene.size("verify.alone", 30));
    private static final long DAY_MILLIS = 86_400_000;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final int BROKEN_ROWS = 50_000;
    private static final long OWN_JOB = 1_000_000;
    private static final int OWN_ROWS = 5_000;
    private static final RunNames NAMES = new RunNames("app", "biz", "owner");

    private final Clock clock = Clock.system();
    private final List<String> jobs = LongStream.rangeClosed(1, RunHistory.JOBS).mapToObj(Long::toString).toList();
    private Database database;
    private long nextId;

    private interface Connect {
        Connection open() throws SQLException;
    }

    @Test
    void retention_on_sqlite(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("natsjob.db");
        try (Database opened = Database.open(new StoreOptions("sqlite", file.toString(), 1), clock)) {
            Verdict verdict = verdict("SQLite");
            database = opened;
            measure(verdict, RunHistory.Kind.SQLITE, () -> DriverManager.getConnection("jdbc:sqlite:" + file + "?synchronous=OFF&busy_timeout=10000"), file);
        }
    }

    @Test
    void retention_on_postgresql() throws Exception {
        onServer("PostgreSQL", "postgres", RunHistory.Kind.POSTGRES, Databases::newPostgres);
    }

    @Test
    void retention_on_mariadb() throws Exception {
        onServer("MariaDB", "mysql", RunHistory.Kind.MARIADB, Databases::newMariadb);
    }

    private void onServer(String name, String type, RunHistory.Kind kind, Supplier<DatabaseServer> start) throws Exception {
        Assumptions.assumeFalse(BROKEN, "a large transaction of a server keeps no other writer waiting");
        try (DatabaseServer server = start.get()) {
            String made = server.create();
            try (Database opened = Database.open(new StoreOptions(type, server.goUrl(made), 8), clock)) {
                database = opened;
                measure(verdict(name), kind, () -> server.connect(made), null);
            }
        }
    }

    private static Verdict verdict(String name) {
        return new Verdict(String.format("retention of %,d rows beside a writer on %s%s", ROWS, name, BROKEN ? ", broken on purpose" : ""));
    }

    /** The worst of the best round is judged: other work on the machine can only make a round worse. */
    private void measure(Verdict verdict, RunHistory.Kind kind, Connect connect, Path file) throws SQLException, IOException {
        double best = Double.MAX_VALUE;
        long first = 0;
        for (int round = 1; round <= ROUNDS && (round <= 2 || best > LIMIT_MILLIS); round++) {
            try (Connection connection = connect.open()) {
                new RunHistory(kind, ROWS, clock.millis() - (1 + round) * DAY_MILLIS).fillRuns(connection, jobs);
            }
            nextId = clock.millis() << 20;
            String name = "round " + round + ", ";
            if (file != null) {
                verdict.told(name + "MB with all rows", pages("page_count") * 4_096 / 1_000_000);
                first = first == 0 ? pages("page_count") : first;
                verdict.atMost(name + "pages of the file with all rows, of those of the first round", 1.1, Math.round(pages("page_count") * 100.0 / first) / 100.0);
            }
            verdict.told(name + "load average", Latency.load());
            long end = clock.nanos() + ALONE.toNanos();
            double alone = writes(verdict, name + "alone", () -> clock.nanos() < end);
            double beside = deletion(verdict, name, file);
            verdict.told(name + "longest write beside retention, ms", beside + ", alone " + alone);
            best = Math.min(best, beside);
            removeOwn();
        }
        verdict.atMost("longest write beside retention in the best round, ms", LIMIT_MILLIS, best);
        verdict.done();
    }

    private double deletion(Verdict verdict, String name, Path file) {
        long begun = clock.nanos();
        double longest;
        try (AutoCloseable deleting = BROKEN ? carelessly() : carefully()) {
            longest = writes(verdict, name + "while rows are deleted", () -> !gone());
            verdict.told(name + "deleted in s", Math.round(Scene.seconds(clock.nanos() - begun)));
            if (file != null && !BROKEN) {
                longest = Math.max(longest, writes(verdict, name + "while space is given back", () -> pages("freelist_count") > Math.max(256, pages("page_count") / 8)));
                verdict.told(name + "MB left", pages("page_count") * 4_096 / 1_000_000);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
        return longest;
    }

    private AutoCloseable carefully() {
        Retention retention = new Retention(database, Duration.ofDays(1), Duration.ofDays(30), new SteadyTime(clock));
        retention.start();
        return retention;
    }

    private AutoCloseable carelessly() {
        Thread thread = Thread.ofPlatform().start(() -> {
            while (database.write(Priority.RETENTION, sql -> RunTable.deleteEnded(sql, 0, nextId - (DAY_MILLIS << 20), Long.MAX_VALUE, BROKEN_ROWS)).rows() > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        });
        return thread::join;
    }

    /** What the writer has written is no part of the rows in and out. */
    private void removeOwn() {
        while (database.write(Priority.RETENTION, sql -> sql.update("DELETE FROM natsjob_run WHERE id IN (SELECT id FROM (SELECT id FROM natsjob_run WHERE job_id = "
                + OWN_JOB + " LIMIT " + OWN_ROWS + ") own)")) > 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** All but those that are open; asked at the end of the history first, so that the answer costs nothing while there is one. */
    private boolean gone() {
        long to = clock.millis() - DAY_MILLIS << 20;
        return database.read(sql -> sql.list("SELECT id FROM natsjob_run WHERE id < ? AND state <> 'running' ORDER BY id DESC LIMIT 1", row -> row.longAt(1), to)).isEmpty();
    }

    private long pages(String pragma) {
        return database.read(sql -> sql.one("PRAGMA " + pragma, row -> row.longAt(1))).orElseThrow();
    }

    private double writes(Verdict verdict, String what, BooleanSupplier goesOn) {
        Latency results = new Latency();
        Latency claims = new Latency();
        for (int i = 0; i % 100 != 0 || goesOn.getAsBoolean(); i++) {
            if (i % 100 == 50) {
                claims.add(write(Priority.CLAIM, true));
            } else {
                results.add(write(Priority.ANSWERS, false));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        verdict.told(what + ", results", results);
        verdict.told(what + ", durable claims", claims);
        assertTrue(results.count() > 0, what);
        return Math.round(Math.max(results.max(), claims.max()) * 100) / 100.0;
    }

    private long write(Priority priority, boolean durable) {
        long id = nextId++;
        long begun = clock.nanos();
        if (durable) {
            database.writeDurably(priority, sql -> insert(sql, id));
        } else {
            database.write(priority, sql -> insert(sql, id));
        }
        return clock.nanos() - begun;
    }

    private static Void insert(Sql sql, long id) {
        RunTable.insert(sql, LeaderTable.read(sql).term(), List.of(new NewRun(id, OWN_JOB, 1, NAMES, RunTrigger.CRON, id, 1, id + 60_000, "", RunStep.MAIN, null)));
        return null;
    }
}
