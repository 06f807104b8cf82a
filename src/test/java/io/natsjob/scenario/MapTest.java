package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.FakeWorker.Answer;
import io.natsjob.testkit.FakeWorker.Received;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.testkit.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs of category map over a server process, with the server killed between the steps (docs/rules.md 20). */
@Timeout(120)
final class MapTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String NEVER = "0 0 0 1 1 *";

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void one_run_goes_through_both_steps_with_one_task_id_also_when_the_job_is_disabled_in_between(String subjects) {
        try (Scene scene = new Scene(); FakeWorker worker = worker(scene.nats, subjects)) {
            HttpApi api = scene.server.login();
            String id = create(api, "two-steps", subjects, 5);
            worker.answering(message -> {
                if (pre(message)) {
                    disable(api, id);
                    return Answer.json("success:next", "first step done");
                }
                return Answer.json("success", "all done");
            });
            String task = run(api, id);
            JsonObject run = ended(api, task);
            assertEquals("success", run.getString("state", ""), run.toString());
            assertEquals("all done", run.getString("reason", ""));
            List<Received> received = worker.received();
            assertEquals(List.of("pre-start", "start"), received.stream().map(MapTest::action).toList());
            assertEquals(List.of(task, task), received.stream().map(Received::taskId).toList());
            assertEquals(List.of(0, 1), received.stream().map(message -> message.job().getInt("jobRunningCount", -1)).toList());
            assertTrue(received.get(1).job().getString("jobExpireTime", "").compareTo(received.get(0).job().getString("jobExpireTime", "")) > 0);
            assertEquals(0, api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void the_first_step_alone_ends_the_run_and_each_step_expires_by_its_own_deadline(String subjects) {
        try (Scene scene = new Scene(); FakeWorker worker = worker(scene.nats, subjects)) {
            HttpApi api = scene.server.login();
            String id = create(api, "ends-early", subjects, 2);
            worker.answering(message -> Answer.fail("no input"));
            assertEquals("no input", ended(api, run(api, id)).getString("reason", ""));
            worker.answering(message -> Answer.json("success", "nothing to do"));
            assertEquals("success", ended(api, run(api, id)).getString("state", ""));
            worker.answering(message -> pre(message) ? Answer.json("success:next", "").after(Duration.ofMillis(1_500)) : Answer.success().after(Duration.ofMillis(1_500)));
            JsonObject slow = ended(api, run(api, id));
            assertEquals("success", slow.getString("state", ""), "3 s in all, 1.5 s of 2 s in each step: " + slow);
            worker.answering(message -> pre(message) ? Answer.raw("success:next") : Answer.none());
            assertEquals("expired", ended(api, run(api, id)).getString("state", ""));
            assertEquals(6, worker.count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void an_answer_that_came_while_no_server_ran_starts_the_main_step(String subjects) {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start(); FakeWorker worker = worker(nats, subjects)) {
            HttpApi api = server.login();
            worker.answering(message -> pre(message) ? Answer.raw("success:next").after(Duration.ofSeconds(1)) : Answer.success());
            String task = run(api, create(api, "answered-alone", subjects, 60));
            Eventually.awaitEqual("the first step", LIMIT, 1, worker::count);
            server.kill9();
            Eventually.awaitEqual("its answer", LIMIT, 1, () -> worker.acknowledged().size());
            server.start();
            assertEquals("success", ended(server.login(), task).getString("state", ""));
            assertEquals(List.of("pre-start", "start"), worker.received().stream().map(MapTest::action).toList());
        }
    }

    /** As if the leader had died between the commit of the step and the sending. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void a_main_step_that_was_committed_and_not_sent_is_sent_on_jetStream_and_told_on_memory(String subjects) {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start(); FakeWorker worker = worker(nats, subjects)) {
            worker.answering(message -> pre(message) ? Answer.none() : Answer.success());
            String task = run(server.login(), create(server.login(), "torn", subjects, 8));
            Eventually.awaitEqual("the first step", LIMIT, 1, worker::count);
            server.kill9();
            long now = System.currentTimeMillis();
            OriginalDatabase.execute(server.database(), "UPDATE natsjob_run SET step = 0, step_at = " + now + ", deadline_at = " + (now + 8_000) + " WHERE id = " + task);
            server.start();
            JsonObject run = ended(server.login(), task);
            if (subjects.equals("jetStream")) {
                assertEquals("success", run.getString("state", ""));
                assertEquals(List.of("pre-start", "start"), worker.received().stream().map(MapTest::action).toList());
            } else {
                assertEquals("expired", run.getString("state", ""));
                assertEquals("unknown: whether the message reached a worker is not known", run.getString("reason", ""));
                assertEquals(1, worker.count());
            }
        }
    }

    /** Killed at any moment, again and again, with maps under way: no step is received twice, no main step comes without its first. */
    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    void kills_under_load_send_no_step_twice_and_leave_no_run_open(String subjects) {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start(); FakeWorker worker = worker(nats, subjects)) {
            worker.answering(message -> Answer.raw(pre(message) ? "success:next" : "success"));
            HttpApi api = server.login();
            for (int i = 0; i < 20; i++) {
                api.post("jobs", job("busy-" + i, "* * * * * *", subjects, 5).add("maxConcurrency", 10)).expect(201);
            }
            for (int kill = 0; kill < 3; kill++) {
                int before = worker.count();
                Eventually.await("fires", LIMIT, () -> worker.count() > before + 60);
                server.kill9();
                server.start();
            }
            HttpApi after = server.login();
            for (JsonObject job : after.all("/natsjob/api/v1/jobs?limit=100")) {
                disable(after, job.getString("id", ""));
            }
            Eventually.awaitEqual("open runs", LIMIT, 0, () -> after.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            assertEquals(0, server.stop());
            Map<String, Long> received = worker.received().stream().collect(Collectors.groupingBy(message -> action(message) + " " + message.taskId(), Collectors.counting()));
            assertEquals(List.of(), received.entrySet().stream().filter(each -> each.getValue() > 1).map(Map.Entry::getKey).toList(), "received twice");
            long mains = received.keySet().stream().filter(key -> key.startsWith("start ")).count();
            assertEquals(List.of(), received.keySet().stream().filter(key -> key.startsWith("start ") && !received.containsKey("pre-" + key)).toList());
            assertTrue(mains > 100, mains + " main steps");
            assertEquals(Set.of(), worker.problems());
        }
    }

    private static FakeWorker worker(NatsServer nats, String subjects) {
        FakeWorker worker = FakeWorker.connect(nats.url());
        if (subjects.equals("memory")) {
            return worker.subscribe("q", "natsjob-void.job.pre-start.app.biz.*", "natsjob-void.job.start.app.biz.*");
        }
        return worker.subscribeDurable("natsjob", "first-steps", "q", "natsjob.job.pre-start.app.biz.*").subscribeDurable("natsjob", "main-steps", "q", "natsjob.job.start.app.biz.*");
    }

    private static boolean pre(Received message) {
        return action(message).equals("pre-start");
    }

    private static String action(Received message) {
        return message.subject().split("\\.")[2];
    }

    private static JsonObject job(String name, String schedule, String subjects, int timeoutSeconds) {
        return new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", schedule).add("category", "map").add("model", "max")
                .add("subjectModel", subjects).add("timeoutSeconds", timeoutSeconds);
    }

    private static String create(HttpApi api, String name, String subjects, int timeoutSeconds) {
        return api.post("jobs", job(name, NEVER, subjects, timeoutSeconds)).expect(201).text("id");
    }

    private static void disable(HttpApi api, String id) {
        long version = api.get("/natsjob/api/v1/jobs/" + id).expect(200).object().getLong("version", 0);
        api.patch("/natsjob/api/v1/jobs/" + id, new JsonObject().add("enabled", false).add("version", version)).expect(200);
    }

    private static String run(HttpApi api, String id) {
        return api.post("/natsjob/api/v1/jobs/" + id + "/run", new JsonObject()).expect(202).text("taskId");
    }

    private static JsonObject ended(HttpApi api, String task) {
        return Eventually.awaitValue("the end of run " + task, LIMIT, () -> api.get("/natsjob/api/v1/runs/" + task).expect(200).object(),
                run -> !run.getString("state", "").equals("running"));
    }
}
