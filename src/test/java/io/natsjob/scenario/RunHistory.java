package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.HttpApi;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * The past of a busy month: each second one fire of the first job and one of three of the others in turn, ids in the order of time as
 * the leader makes them (docs/rules.md 35). Of 1,000 runs 975 are successes, 20 failures, 5 expired; the newest 40 are open. One run
 * in the middle has the reason {@value #NEEDLE}. Written by the database itself, many rows a statement, with the tallies of all.
 */
final class RunHistory {
    static final String NEEDLE = "needle in the hay";
    static final int JOBS = 1_000;
    static final List<String> NAMESPACES = List.of("app", "shop", "bank");
    private static final int RUNS_PER_SECOND = 4;
    private static final int OPEN = 40;
    private static final long STATEMENT_ROWS = 250_000;
    private static final String INSERT = "INSERT INTO natsjob_run (id, job_id, fire_at, attempt, trigger_kind, state, term, job_version, namespace, app, job, args,"
            + " deadline_at, sent_at, ended_at, reason, monitor_status, monitor_payload, worker_id) ";

    private final Kind kind;
    private final long runs;
    /** Epoch milliseconds of the first fire. */
    private final long from;

    /** How the database counts up, and divides whole numbers. */
    enum Kind {
        SQLITE("WITH RECURSIVE n(i) AS (SELECT %d UNION ALL SELECT i + 1 FROM n WHERE i < %d)", "/"),
        POSTGRES("WITH n(i) AS (SELECT generate_series(%d::bigint, %d::bigint))", "/"),
        MARIADB("WITH n(i) AS (SELECT seq FROM seq_%d_to_%d)", "DIV");

        private final String counter;
        private final String div;

        Kind(String counter, String div) {
            this.counter = counter;
            this.div = div;
        }
    }

    /** @param to epoch milliseconds of the last fire */
    RunHistory(Kind kind, long runs, long to) {
        this.kind = kind;
        this.runs = runs;
        this.from = to / 1_000 * 1_000 - runs / RUNS_PER_SECOND * 1_000;
    }

    long from() {
        return from;
    }

    /** The moment at which this share of the history has passed. */
    long at(double share) {
        return from + (long) (share * runs / RUNS_PER_SECOND) * 1_000;
    }

    /** Makes the jobs, which never fire by themselves; their ids in order, the one with a run each second first. */
    static List<String> createJobs(HttpApi api) {
        for (String namespace : NAMESPACES.subList(1, NAMESPACES.size())) {
            api.post("namespaces", new JsonObject().add("name", namespace)).expect(201);
            api.post("apps", new JsonObject().add("namespace", namespace).add("name", "biz")).expect(201);
        }
        List<String> ids = new ArrayList<>();
        for (int n = 1; n <= JOBS; n++) {
            ids.add(api.post("jobs", new JsonObject().add("namespace", namespace(n)).add("app", "biz").add("name", "job-" + n)
                    .add("schedule", "0 0 0 29 2 *")).expect(201).text("id"));
        }
        return ids;
    }

    static String namespace(int job) {
        return NAMESPACES.get(job % NAMESPACES.size());
    }

    /** Fills the tables of a server that is stopped, and moves its marks to the end. */
    void fill(Connection connection, List<String> jobs) throws SQLException {
        fillRuns(connection, jobs);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE natsjob_run SET reason = '" + NEEDLE + "' WHERE id = " + id(runs / 2));
            // As many writers as a server's results have; SQLite has one.
            statement.executeUpdate("INSERT INTO natsjob_tally (hour, job_id, outcome, writer, amount, last_at) SELECT fire_at / 3600000 * 3600000, job_id, state, "
                    + (kind == Kind.SQLITE ? "1" : "id % 10") + ", COUNT(*), MAX(fire_at) FROM natsjob_run WHERE state <> 'running' GROUP BY 1, 2, 3, 4");
            long to = at(1);
            statement.executeUpdate("UPDATE natsjob_leader SET claimed = " + to + ", settled = " + to + ", oldest_open_id = " + id(runs - OPEN));
        }
    }

    /** The runs alone. */
    void fillRuns(Connection connection, List<String> jobs) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE verify_job (n INTEGER PRIMARY KEY, id BIGINT NOT NULL, namespace VARCHAR(64) NOT NULL)");
            if (kind == Kind.MARIADB) {
                statement.execute("SET SESSION sql_mode = 'PIPES_AS_CONCAT,STRICT_ALL_TABLES'");
            }
            insertJobs(connection, jobs);
            for (long at = 0; at < runs; at += STATEMENT_ROWS) {
                statement.executeUpdate(INSERT + String.format(kind.counter, at, Math.min(runs, at + STATEMENT_ROWS) - 1) + select());
            }
        }
    }

    private static void insertJobs(Connection connection, List<String> jobs) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO verify_job (n, id, namespace) VALUES (?, ?, ?)")) {
            for (int n = 1; n <= jobs.size(); n++) {
                insert.setInt(1, n);
                insert.setLong(2, Long.parseLong(jobs.get(n - 1)));
                insert.setString(3, namespace(n));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private long id(long i) {
        return (from + i / RUNS_PER_SECOND * 1_000 - 800 << 20) + i % RUNS_PER_SECOND;
    }

    private String select() {
        String second = "(i " + kind.div + " " + RUNS_PER_SECOND + ")";
        String slot = "(i % " + RUNS_PER_SECOND + ")";
        String fireAt = "(" + from + " + " + second + " * 1000)";
        String job = "CASE WHEN " + slot + " = 0 THEN 1 ELSE 2 + (" + second + " * 3 + " + slot + " - 1) % " + (JOBS - 1) + " END";
        String open = "i >= " + (runs - OPEN);
        String dice = "(i * 7919 % 1000)";
        String state = "CASE WHEN " + open + " THEN 'running' WHEN " + dice + " < 5 THEN 'expired' WHEN " + dice + " < 25 THEN 'fail' ELSE 'success' END";
        return """

                SELECT r.id, j.id, r.fire_at, 1, 'cron', r.state, 1, 1, j.namespace, 'biz', 'job-' || r.job, 'daily report of the shop',
                    r.fire_at + CASE WHEN r.state = 'running' THEN 7200000 ELSE 60000 END,
                    CASE WHEN r.state <> 'running' THEN r.fire_at + 3 END, CASE WHEN r.state <> 'running' THEN r.fire_at + 40 + r.i %% 900 END,
                    CASE r.state WHEN 'fail' THEN 'exit code 1: the database of the shop refused the connection' WHEN 'success' THEN 'done' END,
                    CASE WHEN r.i %% 5 = 0 THEN 'ok' END, CASE WHEN r.i %% 5 = 0 THEN '{"rows": ' || r.i || '}' END, 'worker-' || (r.i %% 8)
                FROM (SELECT i, ((%s - 800) << 20) + %s AS id, %s AS fire_at, %s AS job, %s AS state FROM n) r CROSS JOIN verify_job j WHERE j.n = r.job
                """.formatted(fireAt, slot, fireAt, job, state);
    }
}
