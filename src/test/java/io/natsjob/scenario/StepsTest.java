package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.FakeWorker.Answer;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A worker reports steps and a monitor listens, while the leader is killed and NATS restarts. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class StepsTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SUBJECT = "natsjob.job.sub-result-flow";
    private NatsServer nats;
    private ServerProcess server;
    private FakeWorker worker;
    private Connection raw;
    private final Queue<JsonObject> told = new ConcurrentLinkedQueue<>();

    private void open(Path binary) throws Exception {
        nats = NatsServer.create().binary(binary).start();
        server = ServerProcess.create(nats.url()).start();
        Eventually.awaitEqual("NATS is ready", LIMIT, "available", () -> new HttpApi(server.address()).get("/readyz").text("jetStream"));
        worker = FakeWorker.connect(nats.url()).subscribe("worker-queue", "natsjob-void.job.start.app.biz.*");
        raw = nats.connect();
        var dispatcher = raw.createDispatcher(message -> told.add(Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject()
                .add("subject", message.getSubject())));
        dispatcher.subscribe("natsjob.job.monitor.app.*");
        raw.flush(LIMIT);
    }

    @AfterEach
    void close() throws Exception {
        raw.close();
        worker.close();
        server.close();
        nats.close();
    }

    /** A step as the manual of the original shows it; each tenth one is worth a monitor message. */
    private void report(String task, int number, boolean asNumber) throws IOException, JetStreamApiException {
        JsonObject step = new JsonObject().add("namespace", "app").add("appName", "biz").add("jobName", "stepwise").add("clientId", "client-A").add("sceneId", "scene-1")
                .add("sceneName", "场景1").add("status", "process" + number).add("reason", "进入基础境").add("startAt", 1_795_362_161_973L)
                .add("endAt", "2026-11-22 15:42:32.356");
        if (number % 10 == 0) {
            step.add("MonitorStatus", "monitoring:email").add("MonitorPayload", "积压1w条数据");
        }
        String id = asNumber ? task : "\"" + task + "\"";
        JetStream stream = raw.jetStream();
        stream.publish(SUBJECT, ("{\"taskId\":" + id + "," + step.toString().substring(1)).getBytes(StandardCharsets.UTF_8));
    }

    private void report(String task, int from, int to) throws IOException, JetStreamApiException {
        for (int i = from; i <= to; i++) {
            report(task, i, i % 2 == 0);
        }
    }

    private static List<String> numbered(int to) {
        return IntStream.rangeClosed(1, to).mapToObj(i -> "process" + i).toList();
    }

    private List<String> stored(HttpApi api, String task) {
        return api.all("runs/" + task + "/steps?limit=200").stream().map(step -> step.getString("status", "")).toList();
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void each_step_is_stored_once_in_order_though_the_leader_is_killed_and_nats_restarts(Path binary) throws Exception {
        open(binary);
        worker.answering(message -> Answer.none());
        HttpApi api = server.login();
        String task = run(api, "stepwise");
        report(task, 1, 250);
        Eventually.awaitEqual("before", LIMIT, numbered(250), () -> stored(api, task));
        report(task, 251, 700);
        server.kill9();
        report(task, 701, 900);
        server.start();
        HttpApi again = server.login();
        report(task, 901, 950);
        Eventually.awaitEqual("over the kill", LIMIT, numbered(950), () -> stored(again, task));
        nats.restart();
        Eventually.await("connected", LIMIT, () -> raw.getStatus() == Connection.Status.CONNECTED);
        report(task, 951, 1_000);
        Eventually.awaitEqual("over the restart of NATS", LIMIT, numbered(1_000), () -> stored(again, task));
        assertEquals(0, server.stop());
        report(task, 1_001, 1_020);
        server.start();
        HttpApi last = server.login();
        Eventually.awaitEqual("sent while no server ran", LIMIT, numbered(1_020), () -> stored(last, task));
        List<String> ids = last.all("runs/" + task + "/steps?limit=200").stream().map(step -> step.getString("id", "")).toList();
        List<String> expected = IntStream.rangeClosed(1, 102).mapToObj(i -> ids.get(10 * i - 1)).toList();
        // Listeners are told after the commit; a kill in between loses some, so only those far from one must come.
        Eventually.awaitEqual("steps far from a kill that were not told", LIMIT, List.of(), () -> {
            List<String> seen = told.stream().map(message -> message.getString("subTaskId", "")).toList();
            return IntStream.range(0, 102).filter(i -> i < 20 || i >= 97).filter(i -> !seen.contains(expected.get(i))).mapToObj(i -> "process" + 10 * (i + 1)).toList();
        });
        List<String> tellers = told.stream().map(message -> message.getString("subTaskId", "")).toList();
        assertEquals(List.copyOf(new LinkedHashSet<>(tellers)), tellers, "told once each");
        assertTrue(expected.containsAll(tellers), tellers.toString());
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void answers_and_steps_with_a_monitor_status_are_told_with_the_fields_of_the_original(Path binary) throws Exception {
        open(binary);
        HttpApi api = server.login();
        worker.answering(message -> Answer.raw("{\"status\":\"success\",\"reason\":\"赚到1个小目标\",\"monitorStatus\":\"monitor:world\",\"monitorPayload\":\"p\",\"clientId\":\"client-1\"}"));
        String task = run(api, "told");
        Eventually.awaitEqual("the answer is told", LIMIT, 1, told::size);
        JsonObject answer = told.remove();
        assertEquals(List.of("taskId", "subTaskId", "status", "reason", "monitorStatus", "monitorPayload", "createAt", "namespace", "appName", "jobName", "subject"),
                answer.names());
        assertTrue(answer.getString("createAt", "").matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}"), answer.toString());
        assertEquals(worker.received().getFirst().job().getString("jobCreatedAt", ""), answer.getString("createAt", "?"));
        assertEquals(List.of(task, "", "success", "monitor:world", "natsjob.job.monitor.app.biz"), texts(answer, "taskId", "subTaskId", "status", "monitorStatus", "subject"));
        raw.jetStream().publish(SUBJECT, ("{\"taskId\":" + task + ",\"namespace\":\"app\",\"appName\":\"biz\",\"jobName\":\"told\",\"status\":\"after\",\"monitorStatus\":\"m\"}")
                .getBytes(StandardCharsets.UTF_8));
        raw.jetStream().publish(SUBJECT, "junk".getBytes(StandardCharsets.UTF_8));
        Eventually.awaitEqual("the step is told", LIMIT, 1, told::size);
        JsonObject step = told.remove();
        assertTrue(step.getString("createAt", "").matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d"), step.toString());
        JsonObject stored = api.all("runs/" + task + "/steps?status=after").getFirst();
        assertEquals(stored.getString("id", ""), step.getString("subTaskId", "?"));
        Eventually.await("junk is counted", LIMIT, () -> api.get("summary").expect(200).text().contains("step-malformed"));
    }

    private static List<String> texts(JsonObject object, String... names) {
        List<String> texts = new ArrayList<>();
        for (String name : names) {
            texts.add(object.getString(name, "?"));
        }
        return texts;
    }

    private static String run(HttpApi api, String name) {
        JsonObject job = new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", "0 0 0 1 1 *").add("timeoutSeconds", 600);
        String id = api.post("jobs", job).expect(201).text("id");
        return api.post("jobs/" + id + "/run", new JsonObject()).expect(202).text("taskId");
    }
}
