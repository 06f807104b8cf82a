package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HeartBeat;
import io.natsjob.testkit.HttpApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Workers and listeners in the forms in which they exist for the original, each by itself in raw jnats, on each nats-server there is: what they
 * subscribe to, how they acknowledge and what they put are theirs.
 */
final class ExistingWorkersTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NEVER = "0 0 0 1 1 *";
    private Scene scene;
    private HttpApi api;
    private Connection nc;

    private void begin(Path nats) throws IOException, InterruptedException {
        scene = new Scene(nats);
        api = scene.server.login();
        nc = scene.nats.connect();
    }

    @AfterEach
    void end() throws InterruptedException {
        nc.close();
        scene.close();
    }

    private String create(String name, String model, JsonObject more) {
        return api.post("jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", NEVER).add("model", model).add("args", "test")
                .merge(more)).expect(201).text("id");
    }

    private String run(String id) {
        return api.post("/natsjob/api/v1/jobs/" + id + "/run", new JsonObject()).expect(202).text("taskId");
    }

    private JsonObject ended(String task) {
        return Eventually.awaitValue("the end of run " + task, LIMIT, () -> api.get("/natsjob/api/v1/runs/" + task).expect(200).object(),
                run -> !run.getString("state", "").equals("running"));
    }

    private static JsonObject job(Message message) {
        return Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject();
    }

    private void put(JsonObject job, String value) {
        try {
            KeyValue results = nc.keyValue(job.getString("jobEndResultKvBucket", ""));
            results.put(job.getString("jobEndKvKey", ""), value);
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A durable push consumer with a deliver group and deliver policy new; it acknowledges by itself, and not before its second delivery. */
    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void a_durable_JetStream_worker_that_acknowledges_by_hand(Path nats) throws Exception {
        begin(nats);
        ConcurrentLinkedQueue<String> deliveries = new ConcurrentLinkedQueue<>();
        JetStream js = nc.jetStream();
        Dispatcher dispatcher = nc.createDispatcher();
        PushSubscribeOptions options = PushSubscribeOptions.builder().stream("natsjob").durable("owner-durable").deliverGroup("owner-group")
                .configuration(ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.New).ackWait(Duration.ofSeconds(1)).build()).build();
        js.subscribe("natsjob.job.start.app.biz.owner", "owner-group", dispatcher, message -> {
            JsonObject job = job(message);
            deliveries.add(job.getString("taskId", "") + " " + message.metaData().deliveredCount());
            if (message.metaData().deliveredCount() == 2) {
                message.ack();
                put(job, "{\"status\": \"success\", \"reason\": \"at the second delivery\", \"clientId\": \"client-1\"}");
            }
        }, false, options);
        String task = run(create("owner", "max", new JsonObject().add("subjectModel", "jetStream")));
        JsonObject run = ended(task);
        assertEquals("success at the second delivery client-1", run.getString("state", "") + " " + run.getString("reason", "") + " " + run.getString("workerId", ""));
        assertEquals(List.of(task + " 1", task + " 2"), List.copyOf(deliveries), "delivered again by the stream, published once");
        var consumer = nc.jetStreamManagement().getConsumerInfo("natsjob", "owner-durable");
        assertEquals(0, consumer.getNumAckPending(), "its consumer is its own business");
        assertEquals(1, nc.jetStreamManagement().getStreamInfo("natsjob").getStreamState().getMsgCount(), "the stream keeps what it has");
    }

    /** Weight 0: "send me nothing" is for ultra; for pro it lives. */
    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void a_worker_with_heartbeats_of_weight_0(Path nats) throws Exception {
        begin(nats);
        ConcurrentLinkedQueue<String> subjects = new ConcurrentLinkedQueue<>();
        Dispatcher dispatcher = nc.createDispatcher(message -> {
            subjects.add(message.getSubject());
            put(job(message), "success");
        });
        dispatcher.subscribe("natsjob-void.job.start.app.biz.*", "group").subscribe("natsjob-void.job.client-start.app.biz.*.client-1");
        nc.flush(Duration.ofSeconds(5));
        String pro = create("pro", "pro", new JsonObject());
        String one = create("one", "ultra", new JsonObject());
        String all = create("all", "ultra", new JsonObject().add("category", "broadcast"));
        try (HeartBeat resting = HeartBeat.every(Duration.ofSeconds(5), scene.nats.url(), "app", "biz", "client-1", 0)) {
            Eventually.awaitEqual("it lives", LIMIT, 1, () -> api.get("/natsjob/api/v1/workers").expect(200).object().get("items").asArray().size());
            assertEquals("success", ended(run(pro)).getString("state", ""));
            for (String ultra : List.of(one, all)) {
                assertEquals("skip.no-worker", api.post("/natsjob/api/v1/jobs/" + ultra + "/run", new JsonObject().add("force", true)).expect(409).code());
            }
        }
        try (HeartBeat working = HeartBeat.every(Duration.ofSeconds(5), scene.nats.url(), "app", "biz", "client-1", 1)) {
            Eventually.await("its weight is known", LIMIT, () -> api.get("/natsjob/api/v1/workers").expect(200).object().get("items").asArray().get(0).asObject()
                    .getInt("weight", 0) == 1);
            assertEquals("client-1", ended(run(one)).getString("workerId", ""));
            assertEquals("success", ended(run(all)).getString("state", ""));
        }
        assertEquals(List.of("natsjob-void.job.start.app.biz.pro", "natsjob-void.job.client-start.app.biz.one.client-1", "natsjob-void.job.client-start.app.biz.all.client-1"),
                List.copyOf(subjects));
    }

    /** A map worker as the clients have it: one handler for each step; and somebody who listens for monitor messages in each way there is. */
    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void a_map_worker_and_monitor_listeners(Path nats) throws Exception {
        begin(nats);
        ConcurrentLinkedQueue<String> told = new ConcurrentLinkedQueue<>();
        for (String subject : List.of("natsjob.job.monitor.app.biz", "natsjob.job.monitor.app.*", "natsjob.job.monitor.*.*")) {
            nc.createDispatcher(message -> told.add(subject + " " + job(message).getString("status", "") + " " + job(message).getString("monitorStatus", ""))).subscribe(subject);
        }
        Dispatcher dispatcher = nc.createDispatcher();
        dispatcher.subscribe("natsjob-void.job.pre-start.app.biz.map", "group",
                message -> put(job(message), "{\"status\": \"success:next\", \"reason\": \"first step done\", \"monitorStatus\": \"half\"}"));
        dispatcher.subscribe("natsjob-void.job.start.app.biz.map", "group",
                message -> put(job(message), "{\"status\": \"fail\", \"reason\": \"no\", \"MonitorStatus\": \"alarm\", \"monitorPayload\": \"p\", \"clientId\": \"client-1\"}"));
        nc.flush(Duration.ofSeconds(5));
        JsonObject run = ended(run(create("map", "max", new JsonObject().add("category", "map"))));
        assertEquals("fail no alarm p client-1", String.join(" ", run.getString("state", ""), run.getString("reason", ""), run.getString("monitorStatus", ""),
                run.getString("monitorPayload", ""), run.getString("workerId", "")));
        Eventually.await("all are told", LIMIT, () -> told.size() >= 6);
        assertEquals(List.of("natsjob.job.monitor.*.* fail alarm", "natsjob.job.monitor.*.* success:next half", "natsjob.job.monitor.app.* fail alarm",
                "natsjob.job.monitor.app.* success:next half", "natsjob.job.monitor.app.biz fail alarm", "natsjob.job.monitor.app.biz success:next half"),
                told.stream().sorted().toList());
        assertTrue(run.get("parts").isNull());
    }
}
