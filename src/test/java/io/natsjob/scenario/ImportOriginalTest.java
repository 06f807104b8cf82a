package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.testkit.Databases;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The database of an original natsjob, imported by the jar at its first start, on each kind of database: shown first by a dry run, cut off by
 * kill -9 in the middle, then complete, job by job, once, with the original's tables as they were.
 */
@Tag("database")
final class ImportOriginalTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String JOBS = "/natsjob/api/v1/jobs";

    private final Verdict verdict = new Verdict("import of an original");

    @Test
    @Timeout(600)
    void job_by_job_on_every_database(@TempDir Path folder) throws SQLException {
        for (ImportPlace place : List.of(ImportPlace.sqlite(folder.resolve("original.db")), ImportPlace.server("PostgreSQL", Databases.postgres()),
                ImportPlace.server("MariaDB", Databases.mariadb()))) {
            List<String> before = place.originalRows();
            List<String> told = dryRun(place);
            killedInTheMiddle(place);
            imported(place, told);
            startedAgain(place);
            verdict.equal(place.name() + ": rows of the original's tables that were touched, of " + before.size(), 0, touched(before, place.originalRows()));
        }
        verdict.done();
    }

    static long touched(List<String> before, List<String> after) {
        return before.stream().filter(row -> !after.contains(row)).count() + after.stream().filter(row -> !before.contains(row)).count();
    }

    /** Without NATS: nothing of the import needs it, and no job fires. */
    static ServerProcess server(ImportPlace place) {
        ServerProcess server = ServerProcess.create("nats://127.0.0.1:1");
        place.settings().forEach(server::setting);
        return server;
    }

    private List<String> dryRun(ImportPlace place) {
        try (ServerProcess process = server(place).arguments("import", "--dry-run").launch()) {
            verdict.equal(place.name() + ", dry run: status", 0, process.awaitExit(LIMIT));
            verdict.equal(place.name() + ", dry run: rows of natsjob's tables", 0, place.count("natsjob_namespace") + place.count("natsjob_version"));
            List<String> lines = process.output().lines().toList();
            return lines.subList(1, lines.size());
        }
    }

    /** Killed while namespaces and apps are written and the jobs are not. */
    private void killedInTheMiddle(ImportPlace place) throws SQLException {
        try (ServerProcess server = server(place)) {
            try (ImportPlace.Hold hold = place.hold()) {
                server.launch();
                Eventually.await(place.name() + ": the import stands in the middle", LIMIT, hold::reached);
                server.kill9();
            }
            // A server notices the end of its client when it next reads from it.
            Eventually.awaitEqual("the dead client's transaction is over", LIMIT, "[1, 1, 0]", () -> List.of(place.count("natsjob_namespace"), place.count("natsjob_app"),
                    place.count("natsjob_job")).toString());
            verdict.equal(place.name() + ", killed in the middle: namespaces, apps and jobs beside natsjob's own", "[0, 0, 0]",
                    List.of(place.count("natsjob_namespace") - 1, place.count("natsjob_app") - 1, place.count("natsjob_job")).toString());
        }
    }

    private void imported(ImportPlace place, List<String> told) {
        Map<String, String> expected = ImportedJobs.expected();
        try (ServerProcess server = server(place).start()) {
            int compared = ImportedJobs.compare(verdict, place.name(), expected, ImportedJobs.seen(server.login()));
            verdict.equal(place.name() + ": jobs compared", expected.size(), compared);
            verdict.equal(place.name() + ": lines of the dry run that the log lacks", List.of(), told.stream().filter(line -> !server.output().contains(line)).toList());
            verdict.equal(place.name() + ": runs", 0, server.login().all("/natsjob/api/v1/runs").size());
            assertEquals(0, server.stop());
        }
    }

    /** Once: what was deleted since does not come back. */
    private void startedAgain(ImportPlace place) {
        try (ServerProcess server = server(place).start()) {
            HttpApi api = server.login();
            String first = api.all(JOBS).getFirst().getString("id", "");
            api.delete(JOBS + "/" + first).expect(204);
            assertEquals(0, server.stop());
            server.start();
            verdict.equal(place.name() + ", started again: jobs after one was deleted", ImportedJobs.expected().size() - 1, server.login().all(JOBS).size());
            verdict.equal(place.name() + ", started again: the log speaks of an import", false, server.output().contains("were imported"));
            assertEquals(0, server.stop());
        }
    }
}
