package io.natsjob.scenario;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.Database;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rows per second of claims and ends, {@value #BATCH} a transaction, beside plain JDBC doing the same on the same tables with the driver's fastest way of
 * batches. One writer. {@code -Dverify.rows} rows a round.
 */
@Tag("figures")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
final class BatchFiguresTest {
    private static final int BATCH = 500;
    private static final int JOBS = 200;
    private static final int ROWS = Scene.size("verify.rows", 100_000);
    /** At least 3; then until both shares hold: other work on the machine meets the two sides of a round at different times. */
    private static final int ROUNDS = 6;
    private static final int FEWEST_ROUNDS = 3;
    private static final double SHARE = 0.5;
    private static final RunNames NAMES = new RunNames("app", "biz", "owner");

    @TempDir
    private Path folder;

    /** Rows per second. */
    private record Speed(double claimed, double ended) {
        Speed(int rows, long start, long inserted, long updated) {
            this(rows * 1e9 / (inserted - start), rows * 1e9 / (updated - inserted));
        }

        @Override
        public String toString() {
            return String.format("claimed %,.0f rows/s, ended %,.0f rows/s", claimed, ended);
        }
    }

    private interface Round {
        /** Plain JDBC's speed, then the store's. */
        List<Speed> run(int number) throws SQLException;
    }

    @Test
    void batches_on_sqlite() throws SQLException {
        compare("SQLite", round -> {
            String plain = folder.resolve("plain" + round + ".db").toString();
            Database.open(new StoreOptions("sqlite", plain, 1), Clock.system()).close();
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + plain); Statement pragma = connection.createStatement()) {
                pragma.execute("PRAGMA journal_mode=WAL");
                pragma.execute("PRAGMA synchronous=NORMAL");
                return List.of(plain(connection, ROWS), store(new StoreOptions("sqlite", folder.resolve("store" + round + ".db").toString(), 1), ROWS));
            }
        });
    }

    @Test
    void batches_on_postgresql() throws SQLException {
        DatabaseServer server = Databases.postgres();
        compare("PostgreSQL", round -> onServer(server, "postgres", "?reWriteBatchedInserts=true"));
    }

    @Test
    void batches_on_mariadb() throws SQLException {
        DatabaseServer server = Databases.mariadb();
        compare("MariaDB", round -> onServer(server, "mysql", "?rewriteBatchedStatements=true"));
    }

    private static List<Speed> onServer(DatabaseServer server, String type, String fastest) throws SQLException {
        String name = server.create();
        Database.open(new StoreOptions(type, server.goUrl(name), 1), Clock.system()).close();
        Speed plain;
        try (Connection connection = DriverManager.getConnection(server.url(name) + fastest, DatabaseServer.USER, DatabaseServer.PASSWORD)) {
            plain = plain(connection, ROWS);
        }
        server.drop(name);
        name = server.create();
        Speed store = store(new StoreOptions(type, server.goUrl(name), 1), ROWS);
        server.drop(name);
        return List.of(plain, store);
    }

    private static void compare(String kind, Round round) throws SQLException {
        Verdict verdict = new Verdict("batches of " + BATCH + " beside plain JDBC on " + kind);
        double claimed = 0;
        double ended = 0;
        for (int i = 1; i <= ROUNDS && (i <= FEWEST_ROUNDS || Math.min(claimed, ended) < SHARE); i++) {
            List<Speed> speeds = round.run(i);
            Speed plain = speeds.getFirst();
            Speed store = speeds.getLast();
            verdict.told("round " + i + ", plain JDBC", plain);
            verdict.told("round " + i + ", natsjob", store + String.format(": %.2f and %.2f of it; load average %s", store.claimed / plain.claimed,
                    store.ended / plain.ended, Latency.load()));
            claimed = Math.max(claimed, store.claimed / plain.claimed);
            ended = Math.max(ended, store.ended / plain.ended);
        }
        verdict.atLeast("share of plain JDBC, claimed, best round", SHARE, Math.round(claimed * 100) / 100.0);
        verdict.atLeast("share of plain JDBC, ended, best round", SHARE, Math.round(ended * 100) / 100.0);
        verdict.done();
    }

    private static List<NewRun> claims(int from) {
        List<NewRun> claims = new ArrayList<>(BATCH);
        for (int i = from; i < from + BATCH; i++) {
            claims.add(new NewRun(id(i), 1_000 + i % JOBS, 1, NAMES, RunTrigger.CRON, fireAt(i), 1, fireAt(i) + 60_000, "", RunStep.MAIN, null));
        }
        return claims;
    }

    private static long fireAt(int i) {
        return 1_700_000_000_000L + i / JOBS * 1_000L;
    }

    private static long id(int i) {
        return (fireAt(i) << 20) + i % JOBS;
    }

    private static List<RunEnd> ends(int from) {
        List<RunEnd> ends = new ArrayList<>(BATCH);
        for (int i = from; i < from + BATCH; i++) {
            ends.add(new RunEnd(id(i), RunState.SUCCESS, "", null, null, "worker-1", fireAt(i) + 3, fireAt(i) + 60_000, fireAt(i) + 40));
        }
        return ends;
    }

    private static Speed store(StoreOptions options, int rows) {
        try (Database database = Database.open(options, Clock.system())) {
            long start = System.nanoTime();
            for (int i = 0; i < rows; i += BATCH) {
                List<NewRun> claims = claims(i);
                database.write(Priority.CLAIM, sql -> {
                    RunTable.insert(sql, 1, claims);
                    return null;
                });
            }
            long inserted = System.nanoTime();
            for (int i = 0; i < rows; i += BATCH) {
                List<RunEnd> ends = ends(i);
                database.write(Priority.ANSWERS, sql -> RunTable.end(sql, ends));
            }
            return new Speed(rows, start, inserted, System.nanoTime());
        }
    }

    /** On tables that the store has made. */
    private static Speed plain(Connection connection, int rows) throws SQLException {
        connection.setAutoCommit(false);
        long start = System.nanoTime();
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO natsjob_run (id, job_id, fire_at, attempt, trigger_kind, state, term,"
                + " job_version, namespace, app, job, args, deadline_at) VALUES (?, ?, ?, 1, 'cron', 'running', 1, 1, ?, ?, ?, '', ?)")) {
            for (int i = 0; i < rows; i += BATCH) {
                for (NewRun run : claims(i)) {
                    insert.setLong(1, run.id());
                    insert.setLong(2, run.jobId());
                    insert.setLong(3, run.fireAt());
                    insert.setString(4, "app");
                    insert.setString(5, "biz");
                    insert.setString(6, "owner");
                    insert.setLong(7, run.deadlineAt());
                    insert.addBatch();
                }
                insert.executeBatch();
                connection.commit();
            }
        }
        long inserted = System.nanoTime();
        try (PreparedStatement update = connection.prepareStatement("UPDATE natsjob_run SET state = 'success', reason = '', worker_id = ?, sent_at = ?,"
                + " ended_at = ? WHERE id = ? AND state = 'running'")) {
            for (int i = 0; i < rows; i += BATCH) {
                for (RunEnd end : ends(i)) {
                    update.setString(1, end.workerId());
                    update.setLong(2, end.sentAt());
                    update.setLong(3, end.endedAt());
                    update.setLong(4, end.id());
                    update.addBatch();
                }
                update.executeBatch();
                connection.commit();
            }
        }
        return new Speed(rows, start, inserted, System.nanoTime());
    }
}
