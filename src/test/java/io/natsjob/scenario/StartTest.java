package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Starts that meet a world which is not ready, and say so in plain words. */
final class StartTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void starts_without_nats_and_fires_when_it_appears() {
        try (NatsServer nats = NatsServer.create().start()) {
            nats.stop();
            try (ServerProcess server = ServerProcess.create(nats.url()).start()) {
                HttpApi api = server.login();
                assertEquals("not connected", api.get("/readyz").text("nats"));
                api.post("/natsjob/api/v1/jobs", job("late-nats")).expect(201);
                nats.restart();
                try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.late-nats")) {
                    Eventually.await("a fire after NATS appeared", LIMIT, () -> worker.count() > 0);
                }
            }
        }
    }

    @Test
    void says_that_jetstream_is_off_and_what_to_do() {
        try (NatsServer nats = NatsServer.create().jetStream(false).start(); ServerProcess server = ServerProcess.create(nats.url()).start()) {
            Eventually.await("the reason in the log", LIMIT, () -> server.output().contains("JetStream") && server.output().contains("-js"));
            assertEquals("not available", server.login().get("/readyz").text("jetStream"));
        }
    }

    @Test
    void says_that_the_nats_password_is_wrong_and_never_shows_it() {
        try (NatsServer nats = NatsServer.create().config("authorization { user: a, password: right }").start()) {
            String url = nats.url().replace("nats://", "nats://a:very-wrong-secret@");
            try (ServerProcess server = ServerProcess.create(url).start()) {
                Eventually.await("the reason in the log", LIMIT, () -> server.output().toLowerCase().contains("authorization") || server.output().contains("password"));
                assertTrue(!server.output().contains("very-wrong-secret"), server.output());
            }
        }
    }

    @Test
    void refuses_a_second_server_on_the_same_file_and_names_it() {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess first = ServerProcess.create(nats.url()).start();
                ServerProcess second = ServerProcess.create(nats.url()).setting("NATSJOB_DB_URL", first.database().toString()).launch()) {
            assertEquals(1, second.awaitExit(LIMIT));
            assertTrue(second.output().contains(Long.toString(first.pid())), second.output());
            assertTrue(first.alive());
        }
    }

    @Test
    void refuses_a_taken_port_and_names_the_setting() {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess first = ServerProcess.create(nats.url()).start();
                ServerProcess second = ServerProcess.create(nats.url()).setting("NATSJOB_HTTP_PORT", Integer.toString(first.port())).launch()) {
            assertEquals(1, second.awaitExit(LIMIT));
            assertTrue(second.output().contains("NATSJOB_HTTP_PORT"), second.output());
        }
    }

    @Test
    void a_token_and_a_pause_outlive_a_restart() {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start();
                FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.paused")) {
            HttpApi api = server.login();
            api.post("/natsjob/api/v1/jobs", job("paused")).expect(201);
            Eventually.await("a fire", LIMIT, () -> worker.count() > 0);
            api.post("/natsjob/api/v1/pause", new JsonObject()).expect(200);
            assertEquals(0, server.stop());
            server.start();
            int before = worker.count();
            Scene.pass(3_000);
            assertEquals(before, worker.count());
            api.post("/natsjob/api/v1/resume", new JsonObject()).expect(200);
            Eventually.await("a fire after the resume", LIMIT, () -> worker.count() > before);
            String job = api.all("/natsjob/api/v1/jobs").getFirst().getString("id", "");
            Eventually.await("the pause in the tallies", LIMIT, () -> api.get("/natsjob/api/v1/jobs/" + job + "/tallies").text().contains("paused"));
        }
    }

    @Test
    void a_signal_while_it_starts_is_a_clean_stop() {
        for (String line : List.of("natsjob starts", "database tables brought up to date", "listening")) {
            try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).launch()) {
                Eventually.await(line, LIMIT, () -> server.output().contains(line));
                assertEquals(0, server.stop(), line);
                server.start();
                assertEquals(0, server.stop(), "the next start after " + line);
            }
        }
    }

    @Test
    void a_stop_is_broken_off_in_time_while_another_program_holds_the_database_and_the_next_start_works() throws Exception {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start();
                FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", "natsjob-void.job.start.app.biz.locked")) {
            server.login().post("/natsjob/api/v1/jobs", job("locked")).expect(201);
            Eventually.await("a fire", LIMIT, () -> worker.count() > 0);
            try (var other = DriverManager.getConnection("jdbc:sqlite:" + server.database()); var statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                long began = System.nanoTime();
                int status = server.stop();
                double seconds = Scene.seconds(System.nanoTime() - began);
                assertTrue(seconds < 10.5, "stopped after " + seconds + " s with status " + status);
                assertEquals(server.output().contains("is broken off") ? 1 : 0, status);
                statement.execute("ROLLBACK");
            }
            int before = worker.count();
            server.start();
            Eventually.await("a fire", LIMIT, () -> worker.count() > before);
            assertEquals(0, server.stop());
        }
    }

    private static JsonObject job(String name) {
        return new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", "* * * * * *");
    }
}
