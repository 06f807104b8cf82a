package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.nats.client.Connection;
import io.nats.client.KeyValue;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Workers that say they live, by raw jnats, against a whole server. */
final class HeartbeatScenarioTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String BASE = "/natsjob/api/v1/";
    private static Scene scene;
    private static HttpApi api;
    private static Connection raw;
    private static KeyValue bucket;

    @BeforeAll
    static void start() throws Exception {
        scene = new Scene();
        api = scene.server.login();
        raw = scene.nats.connect();
        bucket = raw.keyValue("natsjob-heartbeat");
    }

    @AfterAll
    static void stop() throws Exception {
        raw.close();
        scene.close();
    }

    /** A worker's heartbeat, every second until closed; a worker that ends well then deletes its key. */
    private record Pulse(ScheduledExecutorService timer, String key) implements AutoCloseable {
        static Pulse start(String app, String id, int weight) {
            String key = "natsjob.heartbeat.client.app." + app + "." + id;
            byte[] value = new JsonObject().add("id", id).add("namespace", "app").add("appName", app).add("ip", "127.0.0.1").add("comment", "demo").add("weight", weight)
                    .toString().getBytes(StandardCharsets.UTF_8);
            ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
            timer.scheduleAtFixedRate(() -> raw.publish("$KV.natsjob-heartbeat." + key, value), 0, 1, TimeUnit.SECONDS);
            return new Pulse(timer, key);
        }

        @Override
        public void close() {
            timer.close();
        }

        void goodbye() throws Exception {
            timer.close();
            bucket.delete(key);
        }
    }

    private static String create(String app, JsonObject more) {
        api.post(BASE + "apps", new JsonObject().add("namespace", "app").add("name", app)).expect(201);
        return api.post(BASE + "jobs", new JsonObject().add("namespace", "app").add("app", app).add("name", "owner").add("schedule", "* * * * * *").add("model", "pro")
                .add("maxConcurrency", 10).merge(more)).expect(201).text("id");
    }

    private static long tally(String id, String outcome) {
        long sum = 0;
        for (JsonValue item : api.get(BASE + "jobs/" + id + "/tallies").expect(200).object().get("items").asArray()) {
            sum += item.asObject().getString("outcome", "").equals(outcome) ? item.asObject().getLong("count", 0) : 0;
        }
        return sum;
    }

    private static List<String> workers(String app) {
        return api.all(BASE + "workers?namespace=app&app=" + app).stream().map(worker -> worker.getString("id", "")).toList();
    }

    @Test
    void pro_fires_only_while_a_worker_lives_also_one_of_weight_0() throws Exception {
        try (FakeWorker worker = FakeWorker.connect(scene.nats.url()).subscribe("q", "natsjob-void.job.start.app.beat.owner")) {
            String id = create("beat", new JsonObject());
            Eventually.await("skips without a worker", LIMIT, () -> tally(id, "no-worker") >= 2);
            assertEquals(0, worker.count());
            JsonObject job = api.get(BASE + "jobs/" + id).expect(200).object();
            assertEquals("no-worker", job.get("lastSkip").asObject().getString("reason", ""));
            assertEquals("skip.no-worker", api.post(BASE + "jobs/" + id + "/run", new JsonObject()).expect(409).code());
            assertEquals("skip.no-worker", api.post(BASE + "jobs/" + id + "/run", new JsonObject().add("force", true)).expect(409).code());

            try (Pulse pulse = Pulse.start("beat", "client-1", 0)) {
                Eventually.awaitEqual("workers", LIMIT, List.of("client-1"), () -> workers("beat"));
                api.post(BASE + "jobs/" + id + "/run", new JsonObject()).expect(202);
                Eventually.await("runs", LIMIT, () -> api.all(BASE + "runs?jobId=" + id + "&state=success").size() >= 3);
                assertEquals("pro", worker.received().getFirst().job().getString("jobModel", ""));
                pulse.goodbye();
            }
            Eventually.awaitEqual("workers", LIMIT, List.of(), () -> workers("beat"));
            assertEquals("skip.no-worker", api.post(BASE + "jobs/" + id + "/run", new JsonObject().add("force", true)).expect(409).code());
            int after = worker.count();
            long skips = tally(id, "no-worker");
            Eventually.await("skips again", LIMIT, () -> tally(id, "no-worker") >= skips + 2);
            assertTrue(worker.count() <= after + 1, "one may have been on its way");
        }
    }

    @Test
    void a_worker_of_another_app_or_namespace_does_not_count() throws Exception {
        String id = create("lonely", new JsonObject());
        try (Pulse other = Pulse.start("crowded", "client-1", 100)) {
            Eventually.awaitEqual("workers", LIMIT, List.of("client-1"), () -> workers("crowded"));
            assertEquals("skip.no-worker", api.post(BASE + "jobs/" + id + "/run", new JsonObject()).expect(409).code());
            other.goodbye();
        }
    }

    @Test
    void the_server_is_in_the_list_of_servers_and_in_the_bucket() throws Exception {
        JsonObject info = api.get(BASE + "info").expect(200).object();
        JsonObject server = Eventually.awaitValue("this server", LIMIT, () -> api.get(BASE + "servers").expect(200).object().get("items").asArray().get(0).asObject(),
                each -> each.getBoolean("leader", false));
        assertEquals(info.getString("serverId", "?"), server.getString("id", ""));
        assertEquals(info.getLong("term", -1), server.getLong("term", 0));
        assertEquals(scene.server.pid(), server.getLong("pid", 0));
        assertTrue(server.getBoolean("natsConnected", false));
        assertEquals(1, api.get(BASE + "summary").expect(200).object().getInt("servers", 0));
        assertTrue(bucket.get("natsjob.heartbeat.server.app." + server.getString("id", "")) != null);
    }

    @Test
    @Tag("slow")
    void a_worker_that_falls_silent_is_dead_after_thirty_seconds() throws Exception {
        String id = create("silent", new JsonObject());
        try (FakeWorker worker = FakeWorker.connect(scene.nats.url()).subscribe("q", "natsjob-void.job.start.app.silent.owner");
                Pulse pulse = Pulse.start("silent", "client-1", 100)) {
            Eventually.await("fires", LIMIT, () -> worker.count() >= 2);
            pulse.close();
            long silentAt = System.nanoTime();
            Eventually.awaitEqual("its death", Duration.ofSeconds(40), List.of(), () -> workers("silent"));
            long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - silentAt);
            assertTrue(seconds >= 28 && seconds <= 33, seconds + " s");
            assertTrue(worker.count() >= 27, "it was sent jobs until then: " + worker.count());
            long skips = tally(id, "no-worker");
            Eventually.await("skips", LIMIT, () -> tally(id, "no-worker") > skips);
        }
    }
}
