package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.FakeWorker.Answer;
import io.natsjob.testkit.HttpApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a user does with jobs and runs over HTTP, against one running server on each database. Each test has a job and a worker of its own. */
abstract class RunLifeContract {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String JOBS = "/natsjob/api/v1/jobs";
    private static final String RUNS = "/natsjob/api/v1/runs";
    private static Scene scene;
    private static HttpApi api;

    /** For the subclass to call before all tests. */
    static void start(Base base) {
        scene = new Scene(base);
        api = scene.server.login();
    }

    @AfterAll
    static void stop() {
        assertEquals(0, scene.server.stop());
        scene.close();
    }

    @Test
    void a_run_without_answer_expires_and_a_later_answer_changes_nothing() {
        try (FakeWorker worker = worker("silent")) {
            worker.answering(message -> Answer.success().after(Duration.ofMillis(2_500)));
            String id = create("silent", "0 0 0 1 1 *", new JsonObject().add("timeoutSeconds", 1));
            String task = run(id, new JsonObject());
            JsonObject expired = ended(task);
            assertEquals("expired", expired.getString("state", ""));
            assertTrue(expired.getLong("endedAt", 0) >= expired.getLong("deadlineAt", 0), expired.toString());
            Eventually.await("the late answer was counted", LIMIT, () -> ignored("late") + ignored("final") > 0);
            assertEquals("expired", api.get(RUNS + "/" + task).expect(200).text("state"));
        }
    }

    @Test
    void as_many_runs_as_allowed_are_open_and_the_rest_is_counted() {
        try (FakeWorker worker = worker("narrow")) {
            worker.answering(message -> Answer.none());
            String id = create("narrow", "* * * * * *", new JsonObject().add("maxConcurrency", 2).add("timeoutSeconds", 30));
            Eventually.await("skips for concurrency", LIMIT, () -> tally(id, "concurrency") >= 2);
            assertEquals(2, worker.count());
            JsonObject job = api.get(JOBS + "/" + id).expect(200).object();
            assertEquals(2, job.getInt("running", -1));
            assertEquals("concurrency", job.get("lastSkip").asObject().getString("reason", ""));
            assertEquals("skip.concurrency", api.post(JOBS + "/" + id + "/run", new JsonObject()).expect(409).code());
            run(id, new JsonObject().add("force", true));
            Eventually.awaitEqual("the forced one", LIMIT, 3, worker::count);
            List<JsonObject> open = api.all(RUNS + "?jobId=" + id + "&state=running");
            assertEquals(3, open.size());
            for (JsonObject each : open) {
                api.post(RUNS + "/" + each.getString("taskId", "") + "/end", new JsonObject().add("reason", "stuck")).expect(200);
            }
            api.post(RUNS + "/" + open.getFirst().getString("taskId", "") + "/end", new JsonObject().add("reason", "again")).expect(409);
            assertEquals("fail", api.get(RUNS + "/" + open.getFirst().getString("taskId", "")).expect(200).text("state"));
            api.delete(JOBS + "/" + id).expect(204);
        }
    }

    @Test
    void an_edit_takes_effect_at_once() {
        try (FakeWorker worker = worker("edited")) {
            String id = create("edited", "* * * * * *", new JsonObject().add("args", "old"));
            Eventually.await("a fire", LIMIT, () -> worker.count() > 0);
            patch(id, new JsonObject().add("args", "new"));
            long edited = System.currentTimeMillis();
            Scene.until(edited + 2_500);
            worker.received().stream().filter(message -> message.epochMillis() > edited + 300)
                    .forEach(message -> assertEquals("new", message.job().getString("jobArgs", "")));
            patch(id, new JsonObject().add("enabled", false));
            long disabled = System.currentTimeMillis();
            Scene.until(disabled + 2_500);
            assertEquals(0, worker.received().stream().filter(message -> message.epochMillis() > disabled + 300).count());
            assertTrue(api.get(JOBS + "/" + id).object().get("nextFireAt").isNull());
            assertEquals("skip.disabled", api.post(JOBS + "/" + id + "/run", new JsonObject()).expect(409).code());
            int before = worker.count();
            run(id, new JsonObject().add("force", true).add("args", "forced"));
            Eventually.awaitEqual("the forced run", LIMIT, before + 1, worker::count);
            assertEquals("forced", worker.received().getLast().job().getString("jobArgs", ""));
        }
    }

    @Test
    void a_window_bounds_the_fires() {
        try (FakeWorker worker = worker("window")) {
            long from = (System.currentTimeMillis() / 1_000 + 3) * 1_000;
            create("window", "* * * * * *", new JsonObject().add("startAt", from).add("endAt", from + 1_000));
            Scene.until(from + 3_500);
            assertEquals(2, worker.count());
        }
    }

    @Test
    void failures_and_texts_of_the_worker_are_kept() {
        try (FakeWorker worker = worker("failing")) {
            String emoji = "😀".repeat(1_100);
            worker.answering(message -> Answer.raw(new JsonObject().add("Status", "fail").add("REASON", emoji).add("clientId", "w-1").toString()));
            JsonObject run = ended(run(create("failing", "0 0 0 1 1 *", new JsonObject()), new JsonObject()));
            assertEquals("fail", run.getString("state", ""));
            assertEquals(1_024, run.getString("reason", "").codePointCount(0, run.getString("reason", "").length()));
            assertEquals("w-1", run.getString("workerId", ""));
        }
    }

    @Test
    void send_only_jobs_have_no_run_and_a_tally() {
        for (String model : List.of("lite", "plus")) {
            try (FakeWorker worker = worker(model + "-job")) {
                String id = create(model + "-job", "* * * * * *", new JsonObject().add("model", model));
                Eventually.await("fires", LIMIT, () -> worker.count() >= 2);
                assertEquals("", worker.received().getFirst().job().getString("jobEndKvKey", "?"));
                Eventually.await("sent is counted", LIMIT, () -> tally(id, "sent") >= 2);
                String task = run(id, new JsonObject());
                api.get(RUNS + "/" + task).expect(404);
                api.delete(JOBS + "/" + id).expect(204);
            }
        }
    }

    @Test
    void nothing_that_a_worker_puts_stops_the_reader() {
        try (FakeWorker worker = worker("junk")) {
            String id = create("junk", "0 0 0 1 1 *", new JsonObject().add("timeoutSeconds", 2).add("maxConcurrency", 100));
            List<byte[]> junk = List.of("not json".getBytes(), new byte[0], "{\"status\":".getBytes(), "{}".getBytes(), "success:next".getBytes(),
                    "{\"status\":\"expired\"}".getBytes(), new byte[] {(byte) 0xC3, (byte) 0x28}, "[".repeat(100_000).getBytes());
            for (byte[] bytes : junk) {
                worker.answering(message -> Answer.raw(bytes));
                run(id, new JsonObject());
            }
            Eventually.awaitEqual("the junk was sent", LIMIT, junk.size(), worker::count);
            worker.answering(message -> Answer.raw("{\"status\":\"success\",\"reason\":\"" + "x".repeat(900_000) + "\"}"));
            assertEquals("success", ended(run(id, new JsonObject())).getString("state", ""));
            assertEquals(junk.size(), Eventually.awaitValue("the junk expires", LIMIT, () -> api.all(RUNS + "?jobId=" + id + "&state=expired"),
                    runs -> runs.size() == junk.size()).size());
            assertTrue(ignored("malformed") + ignored("unknown-state") + ignored("empty") + ignored("misplaced-next") + ignored("expired-by-worker") >= junk.size());
        }
    }

    @Test
    void renamed_disabled_and_deleted_parents_take_their_jobs_along_while_open_runs_end_normally() {
        String parents = "/natsjob/api/v1/namespaces";
        String dev = parents + "/" + api.post(parents, new JsonObject().add("name", "dev")).expect(201).text("id");
        String shop = "/natsjob/api/v1/apps/" + api.post("/natsjob/api/v1/apps", new JsonObject().add("namespace", "dev").add("name", "shop")).expect(201).text("id");
        try (FakeWorker old = FakeWorker.connect(scene.nats.url()).subscribe("q", "natsjob-void.job.start.dev.shop.*");
                FakeWorker renamed = FakeWorker.connect(scene.nats.url()).subscribe("q", "natsjob-void.job.start.uat.store.*")) {
            Map<String, Answer> late = Map.of("open", Answer.success().after(Duration.ofMillis(2_500)));
            old.answering(message -> late.getOrDefault(message.jobName(), Answer.success()));
            renamed.answering(message -> late.getOrDefault(message.jobName(), Answer.success()));
            JsonObject place = new JsonObject().add("namespace", "dev").add("app", "shop").add("schedule", "* * * * * *");
            api.post(JOBS, new JsonObject(place).add("name", "steady")).expect(201);
            String slow = api.post(JOBS, new JsonObject(place).add("name", "open").set("schedule", "0 0 0 1 1 *").add("maxConcurrency", 9)).expect(201).text("id");
            Eventually.await("fires under the old names", LIMIT, () -> old.count() >= 2);

            String before = run(slow, new JsonObject());
            change(dev, new JsonObject().add("name", "uat"));
            change(shop, new JsonObject().add("name", "store"));
            long changed = System.currentTimeMillis();
            Eventually.await("fires under the new names", LIMIT, () -> renamed.count() >= 2);
            assertEquals(0, old.received().stream().filter(message -> message.epochMillis() > changed + 1_300).count());
            JsonObject run = ended(before);
            assertEquals("success dev/shop", run.getString("state", "") + " " + run.getString("namespace", "") + "/" + run.getString("app", ""));

            change(shop, new JsonObject().add("enabled", false));
            long disabled = System.currentTimeMillis();
            Scene.until(disabled + 2_500);
            assertEquals(0, renamed.received().stream().filter(message -> message.epochMillis() > disabled + 1_300).count());
            assertEquals("skip.disabled", api.post(JOBS + "/" + slow + "/run", new JsonObject()).expect(409).code());
            change(shop, new JsonObject().add("enabled", true));
            int sofar = renamed.count();
            Eventually.await("fires again", LIMIT, () -> renamed.count() > sofar);

            String last = run(slow, new JsonObject());
            api.delete(dev).expect(204);
            long deleted = System.currentTimeMillis();
            assertEquals("success", ended(last).getString("state", ""));
            Scene.until(deleted + 2_500);
            assertEquals(0, renamed.received().stream().filter(message -> message.epochMillis() > deleted + 1_300).count());
            api.get(JOBS + "/" + slow).expect(404);
        }
    }

    private static void change(String parent, JsonObject change) {
        api.patch(parent, change.add("version", api.get(parent).expect(200).object().getLong("version", 0))).expect(200);
    }

    private static FakeWorker worker(String job) {
        return FakeWorker.connect(scene.nats.url()).subscribe("q", "natsjob-void.job.start.app.biz." + job);
    }

    private static String create(String name, String schedule, JsonObject more) {
        return api.post(JOBS, new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", schedule).merge(more)).expect(201).text("id");
    }

    private static void patch(String id, JsonObject change) {
        long version = api.get(JOBS + "/" + id).expect(200).object().getLong("version", 0);
        api.patch(JOBS + "/" + id, change.add("version", version)).expect(200);
    }

    private static String run(String id, JsonObject body) {
        return api.post(JOBS + "/" + id + "/run", body).expect(202).text("taskId");
    }

    private static JsonObject ended(String task) {
        return Eventually.awaitValue("the end of run " + task, LIMIT, () -> api.get(RUNS + "/" + task).expect(200).object(), run -> !run.getString("state", "").equals("running"));
    }

    private static long tally(String id, String outcome) {
        JsonObject answer = api.get(JOBS + "/" + id + "/tallies").expect(200).object();
        long sum = 0;
        for (JsonValue item : answer.get("items").asArray()) {
            sum += item.asObject().getString("outcome", "").equals(outcome) ? item.asObject().getLong("count", 0) : 0;
        }
        return sum;
    }

    private static long ignored(String reason) {
        JsonObject summary = Json.parse(api.get("/natsjob/api/v1/summary").expect(200).text()).asObject();
        return summary.get("answersIgnored").asObject().getLong(reason, 0);
    }
}
