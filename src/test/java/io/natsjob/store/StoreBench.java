package io.natsjob.store;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows per second of claims and ends, {@value #BATCH} a transaction, beside plain JDBC doing the same on the same tables:
 * {@code java -cp ... io.natsjob.store.StoreBench [rows] [folder | postgres | mariadb]}. On a server, plain JDBC runs twice: with the
 * driver's defaults, and with its fastest way of batches.
 */
final class StoreBench {
    private static final int BATCH = 500;
    private static final int JOBS = 200;
    private static final RunNames NAMES = new RunNames("app", "biz", "owner");

    private StoreBench() {}

    public static void main(String[] args) throws IOException, SQLException {
        int rows = args.length > 0 ? Integer.parseInt(args[0]) : 200_000;
        String where = args.length > 1 ? args[1] : "";
        for (int round = 1; round <= 3; round++) {
            switch (where) {
                case "postgres" -> server(Databases.postgres(), "?reWriteBatchedInserts=true", rows);
                case "mariadb" -> server(Databases.mariadb(), "?rewriteBatchedStatements=true", rows);
                default -> sqlite(where.isEmpty() ? Files.createTempDirectory("store-bench") : Path.of(where), round, rows);
            }
        }
    }

    private static void sqlite(Path folder, int round, int rows) throws SQLException {
        Path plain = folder.resolve("plain" + round + ".db");
        Database.open(new StoreOptions("sqlite", plain.toString(), 1), Clock.system()).close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + plain); Statement pragma = connection.createStatement()) {
            pragma.execute("PRAGMA journal_mode=WAL");
            pragma.execute("PRAGMA synchronous=NORMAL");
            plain("plain", connection, rows);
        }
        store(Database.open(new StoreOptions("sqlite", folder.resolve("store" + round + ".db").toString(), 1), Clock.system()), rows);
    }

    private static void server(DatabaseServer server, String fastest, int rows) throws SQLException {
        for (String options : List.of("", fastest)) {
            String name = server.create();
            Servers.open(server, name, Clock.system()).close();
            try (Connection connection = DriverManager.getConnection(server.url(name) + options, DatabaseServer.USER, DatabaseServer.PASSWORD)) {
                plain("plain" + options, connection, rows);
            }
            server.drop(name);
        }
        String name = server.create();
        store(Servers.open(server, name, Clock.system()), rows);
        server.drop(name);
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

    private static void store(Database opened, int rows) {
        try (Database database = opened) {
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
            report("store", rows, start, inserted, System.nanoTime());
        }
    }

    /** On tables that the store has made. */
    private static void plain(String what, Connection connection, int rows) throws SQLException {
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
        report(what, rows, start, inserted, System.nanoTime());
    }

    private static void report(String what, int rows, long start, long inserted, long updated) {
        System.out.printf("%s: insert %,.0f rows/s, update %,.0f rows/s%n", what, rows * 1e9 / (inserted - start), rows * 1e9 / (updated - inserted));
    }
}
