package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.nats.client.Connection;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.FakeWorker.Answer;
import io.natsjob.testkit.FakeWorker.Received;
import io.natsjob.testkit.HeartBeat;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every category with every model on every subject model, as workers see it: one fire by cron and one by hand, two workers and a listener
 * that know nothing but NATS, on the first nats-server there is; {@link MatrixNewestTest} takes the other. What comes has the forms of what an original server was seen to send.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MatrixTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String JOBS = "/natsjob/api/v1/jobs";
    private static final List<String> WORKERS = List.of("client-1", "client-2");
    /** The original's fields of a job message, in its order. */
    private static final List<String> FIELDS = List.of("taskId", "namespace", "appName", "jobName", "jobCategory", "jobModel", "condition", "jobArgs",
            "jobCreatedAt", "jobExpireTime", "jobEndKvKey", "jobEndResultKvBucket", "jobRunningCount", "nextPayload");
    private static final Captured CAPTURED = new Captured();
    /** As the captured workers answer. */
    private static final String DONE = "{\"status\": \"success\", \"reason\": \"赚到1个小目标\", \"monitorStatus\": \"monitor:world\", \"monitorPayload\": \"p\", \"clientId\": \"%s\"}";
    private static final String FIRST_STEP_DONE = "{\"status\": \"success:next\", \"reason\": \"first step done\"}";

    /** One cell of the matrix. */
    record Cell(String category, String model, String subjects) {
        String job() {
            return category + "-" + model + "-" + subjects.toLowerCase(java.util.Locale.ROOT);
        }

        boolean recorded() {
            return !Set.of("lite", "plus").contains(model);
        }

        boolean ultra() {
            return model.equals("ultra");
        }

        String prefix() {
            return subjects.equals("memory") ? "natsjob-void" : "natsjob";
        }

        /** What one worker listens to. */
        List<String> listens(String worker) {
            String end = ".app.biz." + job();
            return switch (category) {
                case "map" -> List.of(prefix() + ".job.pre-start" + end, prefix() + ".job.start" + end);
                default -> List.of(ultra() ? prefix() + ".job.client-start" + end + "." + worker : prefix() + ".job.start" + end);
            };
        }

        /** The captured case that it is. */
        String captured() {
            return category + "." + model + "." + subjects;
        }

        /** Monitor messages of one run: one for each answer that counts. */
        int told() {
            return !recorded() ? 0 : ultra() && category.equals("broadcast") ? WORKERS.size() : 1;
        }

        /** Messages of one fire over all workers. */
        int messages() {
            return switch (category) {
                case "broadcast" -> WORKERS.size();
                case "map" -> recorded() ? 2 : 1;
                default -> 1;
            };
        }
    }

    static Stream<Cell> cells() {
        return Stream.of("standalone", "broadcast", "map").flatMap(category -> Stream.of("lite", "plus", "max", "pro", "ultra")
                .flatMap(model -> Stream.of("memory", "jetStream").map(subjects -> new Cell(category, model, subjects))))
                .filter(cell -> !(cell.category.equals("map") && cell.ultra()))
                .filter(cell -> !(cell.model.equals("lite") && cell.subjects.equals("jetStream")));
    }

    private Scene scene;
    private HttpApi api;
    private final Map<String, FakeWorker> workers = new HashMap<>();
    private final List<HeartBeat> beats = new ArrayList<>();
    private final Map<Cell, String> ids = new HashMap<>();
    private final Map<Cell, String> byHand = new HashMap<>();
    private final ConcurrentLinkedQueue<Received> monitored = new ConcurrentLinkedQueue<>();
    private Connection listener;
    private long fireAt;
    private int held;

    Path nats() {
        return NatsServer.binaries().findFirst().orElseThrow();
    }

    @BeforeAll
    void fire() throws IOException, InterruptedException {
        scene = new Scene(nats());
        api = scene.server.login();
        listener = scene.nats.connect();
        listener.createDispatcher(message -> monitored.add(new Received(message.getSubject(),
                Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject(), 0, 0))).subscribe("natsjob.job.monitor.app.*");
        for (String id : WORKERS) {
            FakeWorker worker = FakeWorker.connect(scene.nats.url())
                    .answering(message -> Answer.raw(message.subject().contains(".pre-start.") ? FIRST_STEP_DONE : DONE.formatted(id)));
            cells().forEach(cell -> listen(cell, worker, id));
            workers.put(id, worker);
            beats.add(HeartBeat.every(Duration.ofSeconds(5), scene.nats.url(), "app", "biz", id, 100));
        }
        Eventually.awaitEqual("both workers live", LIMIT, WORKERS.size(), () -> api.get("/natsjob/api/v1/workers?namespace=app&app=biz").object().get("items").asArray().size());
        fireAt = (System.currentTimeMillis() / 1_000 + 4) * 1_000;
        cells().forEach(cell -> ids.put(cell, create(cell)));
        assertTrue(System.currentTimeMillis() < fireAt - 750, "the jobs were made too slowly for their only fire");
        Scene.until(fireAt + 500);
        cells().forEach(cell -> byHand.put(cell, api.post(JOBS + "/" + ids.get(cell) + "/run", new JsonObject().add("force", true)).expect(202).text("taskId")));
        Eventually.await("all messages of both fires", LIMIT, () -> cells().allMatch(cell -> received(cell).size() >= 2 * cell.messages()));
    }

    @AfterAll
    void close() throws InterruptedException {
        if (scene == null) {
            return; // there is no such nats-server
        }
        System.out.println("VERDICT the matrix on " + nats() + ": " + held + " of " + 3 * cells().count() + " checks of " + cells().count() + " cells hold");
        listener.close();
        beats.forEach(HeartBeat::close);
        workers.values().forEach(FakeWorker::close);
        scene.close();
    }

    private static void listen(Cell cell, FakeWorker worker, String id) {
        for (String subject : cell.listens(id)) {
            boolean shared = !cell.category.equals("broadcast") && !cell.ultra();
            if (cell.subjects.equals("memory") && shared) {
                worker.subscribe("group", subject);
            } else if (cell.subjects.equals("memory")) {
                worker.subscribeAll(subject);
            } else {
                String consumer = subject.replace('.', '_') + (shared ? "" : "_" + id);
                worker.subscribeDurable("natsjob", consumer, consumer, subject);
            }
        }
    }

    private String create(Cell cell) {
        return api.post(JOBS, new JsonObject().add("namespace", "app").add("app", "biz").add("name", cell.job()).add("schedule", "* * * * * *")
                .add("category", cell.category).add("model", cell.model).add("subjectModel", cell.subjects).add("args", "test").add("maxConcurrency", 5)
                .add("startAt", fireAt).add("endAt", fireAt)).expect(201).text("id");
    }

    private List<Received> received(Cell cell) {
        return workers.values().stream().flatMap(worker -> worker.received().stream()).filter(message -> message.jobName().equals(cell.job())).toList();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void each_fire_reaches_its_workers_once(Cell cell) {
        Map<String, List<Received>> byTask = received(cell).stream().collect(Collectors.groupingBy(Received::taskId));
        assertEquals(2, byTask.size(), "runs");
        for (Map.Entry<String, List<Received>> run : byTask.entrySet()) {
            List<String> expected = switch (cell.category) {
                case "map" -> cell.recorded() ? List.of("pre-start", "start") : List.of("pre-start");
                case "broadcast" -> cell.ultra() ? List.of("client-start client-1", "client-start client-2") : List.of("start", "start");
                default -> cell.ultra() ? List.of("client-start " + run.getValue().getFirst().subject().substring(run.getValue().getFirst().subject().lastIndexOf('.') + 1))
                        : List.of("start");
            };
            assertEquals(expected, run.getValue().stream().map(message -> action(message.subject(), cell)).sorted().toList());
            run.getValue().forEach(message -> check(cell, message, run.getKey().equals(byHand.get(cell))));
        }
        for (FakeWorker worker : workers.values()) {
            assertEquals(Set.of(), worker.problems());
        }
        held++;
    }

    /** What was never captured is {@code lite}, which the original calls otherwise. */
    @ParameterizedTest
    @MethodSource("cells")
    void messages_have_the_forms_that_an_original_sends(Cell cell) {
        TreeSet<String> forms = received(cell).stream().filter(message -> !message.taskId().equals(byHand.get(cell)))
                .map(message -> Captured.form(message.subject(), message.job())).collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> expected = CAPTURED.jobMessages(cell.captured());
        if (cell.ultra() && cell.subjects.equals("memory")) {
            // The manual and all clients say so; the original's server says start.
            expected = expected.stream().map(form -> form.replace("natsjob-void.job.start.", "natsjob-void.job.client-start.")).collect(Collectors.toCollection(TreeSet::new));
        }
        if (cell.model.equals("lite")) {
            assertEquals(new TreeSet<>(), expected);
            expected = CAPTURED.jobMessages(cell.category + ".plus.memory").stream().map(form -> form.replace("\"plus\"", "\"lite\"")).collect(Collectors.toCollection(TreeSet::new));
        }
        if (cell.ultra() && cell.category.equals("standalone")) {
            // Which of the two workers is a matter of turns.
            String to = forms.first().substring(0, forms.first().indexOf(' '));
            expected = expected.stream().map(form -> to + form.substring(form.indexOf(' '))).collect(Collectors.toCollection(TreeSet::new));
        }
        assertNotEquals(new TreeSet<>(), expected, "nothing to compare with");
        assertEquals(expected, forms);
        List<Received> told = Eventually.awaitValue("monitor messages", LIMIT,
                () -> monitored.stream().filter(message -> message.jobName().equals(cell.job())).toList(), all -> all.size() >= 2 * cell.told());
        assertEquals(2 * cell.told(), told.size(), told.toString());
        TreeSet<String> toldAs = told.stream().map(message -> Captured.form(message.subject(), message.job())).collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> expectedTold = CAPTURED.monitorMessages(cell.captured());
        assertEquals(expectedTold, toldAs);
        held++;
    }

    private static String action(String subject, Cell cell) {
        String rest = subject.substring((cell.prefix() + ".job.").length());
        String action = rest.substring(0, rest.indexOf('.'));
        assertTrue(rest.startsWith(action + ".app.biz." + cell.job()), subject);
        String worker = rest.substring((action + ".app.biz." + cell.job()).length());
        return worker.isEmpty() ? action : action + " " + worker.substring(1);
    }

    private void check(Cell cell, Received message, boolean manual) {
        JsonObject job = message.job();
        assertEquals(FIELDS, job.names().subList(0, FIELDS.size()));
        assertEquals("app biz " + cell.job() + " " + cell.category + " " + cell.model + " test",
                String.join(" ", job.getString("namespace", ""), job.getString("appName", ""), job.getString("jobName", ""),
                        job.getString("jobCategory", ""), job.getString("jobModel", ""), job.getString("jobArgs", "")));
        assertEquals("", job.getString("nextPayload", "?"));
        assertEquals(1, job.getInt("attempt", 0));
        assertTrue(job.getLong("epoch", 0) >= 1);
        if (!manual) {
            assertTrue(job.getString("scheduledTime", "").endsWith(".000"), job.getString("scheduledTime", ""));
        }
        String action = action(message.subject(), cell).split(" ")[0];
        String end = switch (action) {
            case "pre-start" -> "pre-end";
            case "client-start" -> "client-end";
            default -> "end";
        };
        String key = "natsjob.job." + end + ".app.biz." + cell.job() + "." + message.taskId();
        if (!cell.recorded()) {
            assertEquals("||", job.getString("jobExpireTime", "?") + "|" + job.getString("jobEndKvKey", "?") + "|" + job.getString("jobEndResultKvBucket", "?"));
            return;
        }
        assertEquals("natsjob-job-results", job.getString("jobEndResultKvBucket", ""));
        assertNotEquals("", job.getString("jobExpireTime", ""));
        String found = job.getString("jobEndKvKey", "");
        assertTrue(cell.ultra() ? found.matches(java.util.regex.Pattern.quote(key) + "\\.[1-9][0-9]*") : found.equals(key), found);
        boolean sharded = cell.ultra() && cell.category.equals("broadcast");
        assertEquals(sharded ? WORKERS.size() : -1, job.getInt("shardTotal", -1));
        assertEquals(sharded, job.getInt("shardIndex", -1) >= 0);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void each_run_ends_by_its_answers(Cell cell) {
        String byCron = received(cell).stream().map(Received::taskId).filter(id -> !id.equals(byHand.get(cell))).findFirst().orElseThrow();
        if (!cell.recorded()) {
            api.get("/natsjob/api/v1/runs/" + byCron).expect(404);
            Eventually.await("its fire is counted", LIMIT, () -> tally(cell).getLong("sent", 0) >= 1);
            held++;
            return;
        }
        for (String task : List.of(byCron, byHand.get(cell))) {
            JsonObject run = Eventually.awaitValue("the end of run " + task, LIMIT, () -> api.get("/natsjob/api/v1/runs/" + task).expect(200).object(),
                    each -> !each.getString("state", "").equals("running"));
            assertEquals("success", run.getString("state", ""), run.toString());
            assertEquals("赚到1个小目标", run.getString("reason", ""));
            assertTrue(WORKERS.contains(run.getString("workerId", "")), run.toString());
            if (cell.ultra() && cell.category.equals("broadcast")) {
                Set<String> parts = new TreeSet<>();
                run.get("parts").asArray().forEach(part -> parts.add(part.asObject().getString("workerId", "") + " " + part.asObject().getString("state", "")));
                assertEquals(Set.of("client-1 success", "client-2 success"), parts);
            } else {
                assertTrue(run.get("parts").isNull(), run.toString());
            }
        }
        assertEquals(1, byShard(cell, byCron));
        held++;
    }

    /** 1 where the shards of a run are numbered from 0, each once; also where there are none. */
    private long byShard(Cell cell, String task) {
        List<Integer> shards = received(cell).stream().filter(message -> message.taskId().equals(task) && message.job().get("shardIndex") != null)
                .map(message -> message.job().getInt("shardIndex", -1)).sorted().toList();
        return shards.equals(IntStream.range(0, shards.size()).boxed().toList()) ? 1 : 0;
    }

    private JsonObject tally(Cell cell) {
        JsonObject sums = new JsonObject();
        for (JsonValue item : api.get(JOBS + "/" + ids.get(cell) + "/tallies").expect(200).object().get("items").asArray()) {
            sums.add(item.asObject().getString("outcome", ""), item.asObject().getLong("count", 0));
        }
        return sums;
    }
}
