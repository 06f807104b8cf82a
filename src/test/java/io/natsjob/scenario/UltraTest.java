package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.FakeWorker.Answer;
import io.natsjob.testkit.FakeWorker.Received;
import io.natsjob.testkit.HeartBeat;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ultra jobs over a server process: workers chosen by name, broadcasts in parts, the server killed in between (docs/rules.md 20). */
@Timeout(180)
final class UltraTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NEVER = "0 0 0 1 1 *";
    private final Map<String, FakeWorker> workers = new TreeMap<>();
    private final List<HeartBeat> beats = new ArrayList<>();
    private NatsServer nats;
    private ServerProcess server;
    private HttpApi api;

    @BeforeEach
    void begin() {
        nats = NatsServer.create().start();
        server = ServerProcess.create(nats.url()).start();
        api = server.login();
        Eventually.awaitEqual("NATS is ready", LIMIT, "available", () -> new HttpApi(server.address()).get("/readyz").text("jetStream"));
    }

    @AfterEach
    void end() {
        beats.forEach(HeartBeat::close);
        workers.values().forEach(FakeWorker::close);
        server.close();
        nats.close();
    }

    private void worker(String id, int weight, String subjects) {
        String prefix = subjects.equals("memory") ? "natsjob-void" : "natsjob";
        FakeWorker worker = FakeWorker.connect(nats.url()).answering(message -> Answer.raw("success"));
        if (subjects.equals("memory")) {
            worker.subscribeAll(prefix + ".job.client-start.app.biz.*." + id);
        } else {
            worker.subscribeDurable("natsjob", "durable-" + id, "group-" + id, prefix + ".job.client-start.app.biz.*." + id);
        }
        workers.put(id, worker);
        beats.add(HeartBeat.every(Duration.ofSeconds(2), nats.url(), "app", "biz", id, weight));
        Eventually.awaitEqual("live workers", LIMIT, workers.size(), () -> api.get("/natsjob/api/v1/workers").expect(200).object().get("items").asArray().size());
    }

    private static JsonObject job(String name, String category, String subjects, int timeoutSeconds) {
        return new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", NEVER).add("category", category).add("model", "ultra")
                .add("subjectModel", subjects).add("timeoutSeconds", timeoutSeconds);
    }

    private String create(JsonObject job) {
        return api.post("jobs", job).expect(201).text("id");
    }

    private String run(String id) {
        return api.post("/natsjob/api/v1/jobs/" + id + "/run", new JsonObject()).expect(202).text("taskId");
    }

    private JsonObject ended(String task) {
        return Eventually.awaitValue("the end of run " + task, LIMIT, () -> api.get("/natsjob/api/v1/runs/" + task).expect(200).object(),
                run -> !run.getString("state", "").equals("running"));
    }

    private static List<String> parts(JsonObject run) {
        return run.get("parts").asArray().values().stream().map(part -> part.asObject().getString("workerId", "") + " " + part.asObject().getString("state", "")
                + " " + (part.asObject().get("reason").isNull() ? null : part.asObject().getString("reason", ""))).toList();
    }

    private int summary(String field) {
        return api.get("/natsjob/api/v1/summary").expect(200).object().getInt(field, -1);
    }

    private List<Received> received() {
        return workers.values().stream().flatMap(worker -> worker.received().stream()).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void a_broadcast_with_one_failure_one_success_and_a_silent_worker_fails_at_its_deadline(String subjects) {
        worker("w1", 100, subjects);
        worker("w2", 100, subjects);
        worker("w3", 100, subjects);
        worker("w0", 0, subjects);
        workers.get("w2").answering(message -> Answer.fail("no disk"));
        workers.get("w3").answering(message -> Answer.none());
        String id = create(job("mixed", "broadcast", subjects, 3));
        String task = run(id);
        Eventually.awaitEqual("parts that run", LIMIT, 1, () -> summary("runningParts"));
        assertEquals(1, summary("running"), "one run, one slot");
        assertEquals("skip.concurrency", api.post("/natsjob/api/v1/jobs/" + id + "/run", new JsonObject()).expect(409).code());
        JsonObject run = ended(task);
        assertEquals("fail no disk fake-worker", run.getString("state", "") + " " + run.getString("reason", "") + " " + run.getString("workerId", ""));
        assertEquals(List.of("w1 success null", "w2 fail no disk", "w3 expired null"), parts(run));
        assertEquals(0, workers.get("w0").count(), "weight 0");
        assertEquals(0, summary("runningParts"));
        workers.get("w2").answering(message -> Answer.success());
        run = ended(run(id));
        assertEquals("expired", run.getString("state", ""));
        assertTrue(run.getString("reason", "").endsWith("1 of 3 workers did not answer: w3"), run.toString());
    }

    /** The condition is the job's; who joins and leaves is seen at the next fire. */
    @Test
    void one_worker_is_chosen_for_each_run_and_a_run_by_hand_may_name_it() {
        for (String id : List.of("w1", "w2", "w3")) {
            worker(id, id.equals("w3") ? 90 : 10, "memory");
        }
        worker("w0", 0, "memory");
        String round = create(job("round", "standalone", "memory", 30));
        Set<String> ran = new HashSet<>();
        for (int i = 0; i < 3; i++) {
            ran.add(ended(run(round)).getString("workerId", ""));
        }
        assertEquals(Set.of("w1", "w2", "w3"), ran, "in turns; bare words do not say who answers, so it is the addressed one");
        String heaviest = create(job("heaviest", "standalone", "memory", 30).add("condition", "clientMaxWeight"));
        assertEquals("w3", ended(run(heaviest)).getString("workerId", ""));
        assertTrue(ended(run(heaviest)).get("parts").isNull());
        String to = "/natsjob/api/v1/jobs/" + heaviest + "/run";
        assertEquals("w1", ended(api.post(to, new JsonObject().add("workerId", "w1")).expect(202).text("taskId")).getString("workerId", ""));
        for (String nobody : List.of("w9", "w0")) {
            assertEquals("skip.no-worker", api.post(to, new JsonObject().add("workerId", nobody).add("force", true)).expect(409).code());
        }
        String max = create(job("max", "standalone", "memory", 30).set("model", "max"));
        assertEquals(400, api.post("/natsjob/api/v1/jobs/" + max + "/run", new JsonObject().add("workerId", "w1")).status());
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void answers_of_parts_that_came_before_and_after_a_kill_make_one_run(String subjects) {
        for (String id : List.of("w1", "w2", "w3")) {
            worker(id, 100, subjects);
        }
        workers.get("w1").answering(message -> Answer.json("success", "early"));
        workers.get("w2").answering(message -> Answer.json("success", "while away").after(Duration.ofSeconds(2)));
        workers.get("w3").answering(message -> Answer.json("success", "late").after(Duration.ofSeconds(5)));
        String task = run(create(job("killed", "broadcast", subjects, 60)));
        Eventually.await("the first part is stored", LIMIT, () -> parts(api.get("/natsjob/api/v1/runs/" + task).expect(200).object()).contains("w1 success early"));
        server.kill9();
        Eventually.awaitEqual("the second answer", LIMIT, 1, () -> workers.get("w2").acknowledged().size());
        server.start();
        api = server.login();
        JsonObject run = ended(task);
        assertEquals("success late", run.getString("state", "") + " " + run.getString("reason", ""));
        assertEquals(List.of("w1 success early", "w2 success while away", "w3 success late"), parts(run));
        assertEquals(3, received().size(), "nothing is sent twice");
    }

    /** Killed at any moment, again and again: no part is received twice, no worker's part is missing from a run that others had. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void kills_under_load_send_no_part_twice_and_leave_no_run_open(String subjects) {
        worker("w1", 100, subjects);
        worker("w2", 100, subjects);
        for (int i = 0; i < 10; i++) {
            create(job("all-" + i, "broadcast", subjects, 5).set("schedule", "* * * * * *").add("maxConcurrency", 10));
            create(job("one-" + i, "standalone", subjects, 5).set("schedule", "* * * * * *").add("maxConcurrency", 10));
        }
        for (int kill = 0; kill < 3; kill++) {
            int before = received().size();
            Eventually.await("fires", LIMIT, () -> received().size() > before + 60);
            server.kill9();
            server.start();
            api = server.login();
        }
        for (JsonObject job : api.all("/natsjob/api/v1/jobs?limit=100")) {
            api.patch("/natsjob/api/v1/jobs/" + job.getString("id", ""), new JsonObject().add("enabled", false).add("version", job.getLong("version", 0))).expect(200);
        }
        Eventually.awaitEqual("open runs", LIMIT, 0, () -> summary("running"));
        Map<String, Long> keys = received().stream().collect(Collectors.groupingBy(message -> message.job().getString("jobEndKvKey", ""), Collectors.counting()));
        assertEquals(List.of(), keys.entrySet().stream().filter(each -> each.getValue() > 1).map(Map.Entry::getKey).toList(), "received twice");
        Map<String, Set<String>> subjectsOf = received().stream().collect(Collectors.groupingBy(Received::taskId, Collectors.mapping(Received::subject, Collectors.toSet())));
        long torn = received().stream().filter(message -> message.jobName().startsWith("all-")).map(Received::taskId).distinct()
                .filter(task -> subjectsOf.get(task).size() < 2).count();
        if (subjects.equals("jetStream")) {
            assertEquals(0, torn, "the next leader sends what is missing");
        } else {
            assertTrue(torn <= 30, torn + " runs were torn by three kills");
        }
        assertTrue(keys.size() > 150, keys.size() + " messages");
        workers.values().forEach(worker -> assertEquals(Set.of(), worker.problems()));
    }
}
