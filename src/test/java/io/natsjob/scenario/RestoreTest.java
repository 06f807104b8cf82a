package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that starts on a file that is older than the present: a backup, or an original's database. */
@Timeout(120)
final class RestoreTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OUTCOMES = "'success','fail','expired','sent'";
    private static final long HOURS_3 = 3 * 3_600_000L;

    @Test
    void a_restored_backup_counts_what_passed_and_fires_none_of_it() {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start()) {
            Path backup = server.folder().resolve("backup.db");
            try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.*")) {
                HttpApi api = server.login();
                api.post("jobs", job("every-second", "* * * * * *")).expect(201);
                api.post("jobs", job("every-hour", "@every 1h")).expect(201);
                Eventually.await("fires", LIMIT, () -> worker.count() > 1);
                backUp(nats, server, backup);
            }
            assertEquals(0, server.stop());
            // As if the backup were of three hours ago, with a claim that was not sent when it was made.
            OriginalDatabase.execute(backup, "UPDATE natsjob_leader SET claimed = claimed - " + HOURS_3 + ", settled = settled - " + HOURS_3,
                    "UPDATE natsjob_job SET anchor_at = anchor_at - " + 2 * HOURS_3, "DELETE FROM natsjob_run", "DELETE FROM natsjob_tally",
                    "INSERT INTO natsjob_run (id, job_id, fire_at, attempt, trigger_kind, state, term, job_version, namespace, app, job, args, deadline_at)"
                            + " SELECT 7, j.id, l.settled + 1000, 1, 'cron', 'running', l.term, 1, 'app', 'biz', 'every-second', '', l.settled + 11000"
                            + " FROM natsjob_job j, natsjob_leader l WHERE j.name = 'every-second'");
            startRestored(nats, backup);
        }
    }

    private static void backUp(NatsServer nats, ServerProcess server, Path backup) {
        try (ServerProcess command = ServerProcess.create(nats.url()).setting("NATSJOB_DB_URL", server.database().toString())
                .arguments("backup", backup.toString()).launch()) {
            assertEquals(0, command.awaitExit(LIMIT), command.output());
            assertTrue(command.output().contains(" -> " + backup + ": "), command.output());
        }
    }

    private static void startRestored(NatsServer nats, Path backup) {
        long start = System.currentTimeMillis() / 1_000 * 1_000;
        try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.*");
                ServerProcess restored = ServerProcess.create(nats.url()).setting("NATSJOB_DB_URL", backup.toString()).start()) {
            Eventually.await("fires of now", LIMIT, () -> worker.count() > 1);
            Eventually.await("the log tells the sum", LIMIT, () -> restored.output().contains("evaluated the fires that passed why=missed")
                    && restored.output().contains("counted=1003 madeUp=0"));
            HttpApi api = restored.login();
            Eventually.awaitEqual("the old claim is ended by its deadline", LIMIT, "expired", () -> api.get("runs/7").expect(200).text("state"));
            assertEquals(0, restored.stop());
            Ledger ledger = Ledger.of(backup, worker, OUTCOMES);
            assertEquals(1_003, ledger.tallies.get("missed"), "1,000 at most for the job of each second, 3 for the other: " + ledger.tallies);
            assertEquals(0, ledger.doubledMessages(), "sent twice: " + ledger.received);
            assertEquals(0, ledger.doubledRuns(), "recorded twice: " + ledger.runs);
            List<Long> fired = ledger.received.keySet().stream().map(key -> Long.valueOf(key.substring(key.indexOf(' ') + 1))).toList();
            assertTrue(fired.stream().allMatch(at -> at >= start), fired + " from " + start);
            assertEquals(Set.of(7L), ledger.runs.stream().filter(run -> run.fireAt() < start).map(Ledger.RunRow::id).collect(Collectors.toSet()));
        }
    }

    private static JsonObject job(String name, String schedule) {
        return new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", schedule).add("misfire", "skip").add("timeoutSeconds", 10);
    }

    @Test
    void an_original_s_database_is_imported_and_its_jobs_fire() {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url());
                FakeWorker worker = FakeWorker.connect(nats.url())) {
            assertTrue(server.database().getParent().toFile().mkdirs());
            OriginalDatabase.create(server.database());
            server.start();
            worker.subscribe("q", "natsjob.job.start.app.conc-one.owner");
            Eventually.await("a fire of an imported job", LIMIT, () -> worker.count() > 0);
            HttpApi api = server.login();
            assertEquals(32, api.all("jobs").size());
            assertTrue(server.output().contains("job app/conc-one/owner: imported, enabled; subject model was empty and became jetStream"), server.output());
            assertTrue(server.output().contains("in all: 2 namespaces, 39 apps, 32 jobs (11 enabled, 21 disabled)"), server.output());
            assertEquals(0, server.stop());
            server.start();
            assertEquals(32, server.login().all("jobs").size());
            assertEquals(1, server.output().split("in all: 2 namespaces", -1).length - 1, "told once");
        }
    }
}
