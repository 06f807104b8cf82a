package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database as the first release left it: version 1, with an open run and an ended one. */
final class FirstRelease {
    private FirstRelease() {}

    static void make(Connection connection, String scripts) throws SQLException, IOException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)");
            for (String sql : Scripts.statements(scripts, 1)) {
                statement.execute(sql);
            }
            statement.execute("INSERT INTO natsjob_version (version, applied_at) VALUES (1, 0)");
            run(statement, 1, "'running', NULL");
            run(statement, 2, "'fail', 9");
        }
    }

    private static void run(Statement statement, int id, String stateAndEnd) throws SQLException {
        statement.execute("INSERT INTO natsjob_run (id, job_id, fire_at, attempt, trigger_kind, term, job_version, namespace, app, job, args, deadline_at, state, ended_at)"
                + " VALUES (" + id + ", 7, " + id + ", 1, 'cron', 1, 1, 'n', 'a', 'j', 'x', 5, " + stateAndEnd + ")");
    }

    static void assertUpgraded(Database database) {
        List<StoredOpenRun> open = new ArrayList<>();
        database.read(sql -> {
            RunTable.eachOpen(sql, 0, open::add);
            return null;
        });
        assertEquals(List.of(new StoredOpenRun(1, 7, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, 1, 1, 5, 1, "x", RunStep.MAIN, null, null)), open);
        assertEquals(RunState.FAIL, database.read(sql -> RunTable.find(sql, 2)).orElseThrow().state());
        assertEquals(2, (int) database.write(Priority.RETENTION, sql -> sql.update("UPDATE natsjob_run SET parts = 'a b', step = 0")));
        assertEquals(1, (int) database.write(Priority.RETENTION, sql -> sql.update(
                "INSERT INTO natsjob_part (run_id, sub_id, worker_id, state, ended_at) VALUES (2, 3, 'a', 'fail', 9)")));
        assertEquals(new RunTable.Deleted(2, 2), database.write(Priority.RETENTION, sql -> RunTable.deleteEnded(sql, 0, 100, 100, 10)), "the ended run and its part");
    }
}
