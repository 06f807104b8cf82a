package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that must not lead beside the one that does, on the same NATS: with another SQLite file, and of another group. */
final class SecondGroupTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String OTHER_GROUP = "this server does not lead: another group of servers, of another namespace, leads on this NATS account";

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void a_server_with_another_sqlite_file_refuses_to_go_on() throws Exception {
        Verdict verdict = new Verdict("the same NATS with another SQLite file");
        try (NatsServer nats = NatsServer.create().start(); ServerProcess first = ServerProcess.create(nats.url()).start()) {
            Group.awaitLeads(first, LIMIT);
            refuses(verdict, "a new file", first, ServerProcess.create(nats.url()));
            ServerProcess copied = ServerProcess.create(nats.url());
            Path file = copied.folder().resolve("data").resolve("natsjob.db");
            Files.createDirectories(file.getParent());
            for (String ending : new String[] {"", "-wal", "-shm", ".lock"}) {
                Path from = Path.of(first.database() + ending);
                if (Files.exists(from)) {
                    Files.copy(from, Path.of(file + ending));
                }
            }
            refuses(verdict, "a copy of the leader's file", first, copied);
            verdict.equal("the first server leads all the while", Group.LEADS, Group.standing(first));

            long killed = System.currentTimeMillis();
            first.kill9();
            first.start();
            Group.awaitLeads(first, LIMIT);
            verdict.atMost("the first server killed and started again on its file: no wait for its own lease, ms", 3_900, System.currentTimeMillis() - killed);
        }
        verdict.done();
    }

    private static void refuses(Verdict verdict, String what, ServerProcess first, ServerProcess second) {
        try (second) {
            second.launch();
            int status = second.awaitExit(LIMIT);
            verdict.equal(what + ": exit status", 1, status);
            String said = second.output().lines().filter(line -> line.contains("ERROR")).findFirst().orElse("(no error)");
            verdict.told(what + ": says", said);
            verdict.equal(what + ": the message names the leader and both ways out", true, said.contains(Group.id(first)) && said.contains("another database")
                    && said.contains("NATSJOB_NATS_URL") && said.contains("PostgreSQL"));
            verdict.equal(what + ": it led for no moment", false, second.output().contains("leading term="));
        }
    }

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void a_second_group_stays_follower_and_says_why() {
        Verdict verdict = new Verdict("the same NATS with a second group");
        try (NatsServer nats = NatsServer.create().start(); ServerProcess first = ServerProcess.create(nats.url()).start();
                FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.*")) {
            Group.awaitLeads(first, LIMIT);
            first.login().post("/natsjob/api/v1/jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", "first").add("schedule", "* * * * * *")
                    .add("maxConcurrency", 10)).expect(201);
            try (ServerProcess second = ServerProcess.create(nats.url()).setting("NATSJOB_NAMESPACE", "dev").start()) {
                Eventually.awaitEqual("the second group's leader word", LIMIT, OTHER_GROUP, () -> Group.standing(second));
                HttpApi ready = new HttpApi(second.address());
                verdict.equal("readyz of the second group", 200, ready.get("/readyz").status());
                verdict.equal("its leader word", OTHER_GROUP, Group.standing(second));
                verdict.equal("info of the second group: leader", "false", second.login().get("info").expect(200).text("leader"));
                verdict.equal("the log says what to do", true, second.output().contains("give each group a NATS account of its own"));
                Scene.pass(8_000);
                verdict.equal("it does not lead after twice a lease", OTHER_GROUP, Group.standing(second));
                verdict.equal("the first group leads", Group.LEADS, Group.standing(first));
                verdict.equal("answers of the first group's worker that are not there any more", 0, worker.unacknowledged());
                HttpApi api = first.login();
                Eventually.await("runs of the first group ended", LIMIT, () -> api.get("/natsjob/api/v1/runs?state=success&limit=5").expect(200).object().get("items").asArray().size() >= 5);
                verdict.equal("exit status of the first group's clean stop", 0, first.stop());
                verdict.atMost("the second group leads after the first has gone, ms", 3_000, Group.awaitLeads(second, LIMIT));
                first.start();
                Eventually.awaitEqual("the first group's leader word", LIMIT, OTHER_GROUP, () -> Group.standing(first));
                verdict.equal("the first group, started again, follows the second", OTHER_GROUP, Group.standing(first));
            }
        }
        verdict.done();
    }
}
