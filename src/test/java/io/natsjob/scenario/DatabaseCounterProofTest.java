package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The checks of an import and of the messages of a failed start see each kind of damage. */
final class DatabaseCounterProofTest {
    /** Columns of natsjob_job and what is put there. */
    private static final Map<String, String> DAMAGES = new TreeMap<>(Map.of("misfire", "'fireAll'", "subject_model", "'memory'", "model", "'plus'", "category", "'map'",
            "enabled", "1", "max_concurrency", "77", "timeout_seconds", "86400", "cron_text", "'@daily'", "args", "'b=2'"));

    @Test
    void damage_done_on_purpose_is_seen(@TempDir Path folder) throws Exception {
        Verdict verdict = new Verdict("damage on purpose to imports and messages is seen");
        importedJobs(verdict, folder.resolve("original.db"));
        messages(verdict, folder);
        verdict.done();
    }

    private static void importedJobs(Verdict verdict, Path file) throws Exception {
        ImportPlace place = ImportPlace.sqlite(file);
        List<String> before = place.originalRows();
        Map<String, String> expected = ImportedJobs.expected();
        try (ServerProcess server = ImportOriginalTest.server(place).start()) {
            verdict.equal("undamaged: jobs that differ", 0, ImportedJobs.different(expected, ImportedJobs.seen(server.login())));
            verdict.equal("undamaged: rows of the original's that were touched", 0, ImportOriginalTest.touched(before, place.originalRows()));
            int differ = 0;
            for (var damage : DAMAGES.entrySet()) {
                // The next job that the damage changes, so that each damages another one.
                assertEquals(1, damage(place, "UPDATE natsjob_job SET note = 'damaged', " + damage.getKey() + " = " + damage.getValue()
                        + " WHERE id = (SELECT MIN(id) FROM natsjob_job WHERE note <> 'damaged' AND name <> 'refused' AND " + damage.getKey() + " <> " + damage.getValue() + ")"));
                differ++;
                verdict.equal("a job with another " + damage.getKey() + ": jobs that differ", differ, ImportedJobs.different(expected, ImportedJobs.seen(server.login())));
            }
            assertEquals(1, damage(place, "UPDATE natsjob_job SET note = 'damaged', deleted_at = 1, living = id WHERE id = (SELECT MIN(id) FROM natsjob_job WHERE note <> 'damaged' AND name <> 'refused')"));
            differ++;
            verdict.equal("a job gone: jobs that differ", differ, ImportedJobs.different(expected, ImportedJobs.seen(server.login())));
            assertEquals(1, damage(place, "UPDATE natsjob_job SET name = 'another' WHERE name = 'refused'"));
            verdict.equal("a job renamed: jobs that differ (one gone, one too many)", differ + 2, ImportedJobs.different(expected, ImportedJobs.seen(server.login())));
            OriginalDatabase.execute(file, "UPDATE nj_app SET name = 'other' WHERE name = 'biz'");
            verdict.equal("a row of the original's changed: seen before and after", 2, ImportOriginalTest.touched(before, place.originalRows()));
            assertEquals(0, server.stop());
        }
    }

    private static int damage(ImportPlace place, String sql) throws Exception {
        try (var connection = place.connect(); var statement = connection.createStatement()) {
            return statement.executeUpdate(sql);
        }
    }

    private static void messages(Verdict verdict, Path folder) {
        String url = "root:" + FailedStart.SECRET + "@tcp(127.0.0.1:3306)/";
        FailedStart honest = FailedStart.of(Map.of("NATSJOB_DB_TYPE", "mysql", "NATSJOB_DB_URL", url));
        String says = "the database is missing";
        verdict.equal("undamaged: faults", List.of(), honest.faults(1, says));
        verdict.equal("another status", List.of("status 1"), honest.faults(2, says));
        verdict.equal("another message", List.of("does not say \"the port\""), honest.faults(1, "the port"));
        verdict.equal("the URL in the log", List.of("the password"), damaged(honest, "url=" + url).faults(1, says));
        verdict.equal("a stack trace in the log", List.of("a stack trace"), damaged(honest, "\tat io.natsjob.store.Session.open(Session.java:142)").faults(1, says));
        verdict.equal("a cause in the log", List.of("a stack trace"), damaged(honest, "Caused by: java.net.ConnectException: refused").faults(1, says));
        FailedStart running = FailedStart.of(Map.of("NATSJOB_DB_TYPE", "mysql", "NATSJOB_DB_URL", url + "natsjob?autoDeserialize=true"));
        verdict.equal("another refusal than the expected one", List.of("does not say \"" + says + "\""), running.faults(1, says));
    }

    private static FailedStart damaged(FailedStart honest, String line) {
        return new FailedStart(honest.status(), honest.message(), honest.written() + line + "\n");
    }
}
