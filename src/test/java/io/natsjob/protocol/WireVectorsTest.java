package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Category;
import io.natsjob.job.Model;
import io.natsjob.job.RunNames;
import io.natsjob.job.SubjectModel;
import io.natsjob.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What an original server, its workers and its clients put on NATS: wire.jsonl, one captured object a line. */
class WireVectorsTest {
    private static final List<JsonObject> LINES = read();
    private static final WireTime UTC = new WireTime(ZoneOffset.UTC);

    private static List<JsonObject> read() {
        try (InputStream in = WireVectorsTest.class.getResourceAsStream("/protocol/wire.jsonl")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().map(Json::parseObject).toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<JsonObject> jobMessages() {
        return LINES.stream().filter(l -> l.get("payload") != null && JobSubject.parse(l.get("subject").asString()).isPresent()).toList();
    }

    private static List<JsonObject> results() {
        return LINES.stream().filter(l -> l.get("key") != null && l.get("bucket").asString().equals(Buckets.RESULTS)).toList();
    }

    @Test
    void every_captured_message_is_what_we_would_build() {
        Map<String, Integer> seen = new HashMap<>();
        for (JsonObject line : jobMessages()) {
            String payload = line.get("payload").asString();
            JobMessage captured = JobMessage.parse(payload.getBytes(StandardCharsets.UTF_8));
            JobMessage built = rebuilt(captured);
            assertEquals(captured, built, payload);
            // ours follow the original's; without them the text is the same, byte by byte
            String ours = new String(built.json(), StandardCharsets.UTF_8);
            assertEquals(payload, ours.substring(0, ours.indexOf(",\"scheduledTime\"")) + "}");
            seen.merge(captured.category().word() + "." + captured.model().word(), 1, Integer::sum);
        }
        assertTrue(seen.keySet().containsAll(List.of("standalone.plus", "standalone.max", "standalone.pro", "standalone.ultra", "broadcast.max",
        "map.pro")),
                seen.toString());
    }

    /** The same message out of typed parts only: no text of the captured one but its args. */
    private static JobMessage rebuilt(JobMessage captured) {
        Ending ending = Ending.NONE;
        if (captured.model().recorded()) {
            ResultKey key = ResultKey.parse(captured.ending().key()).orElseThrow();
            assertEquals(captured.names(), key.names());
            assertEquals(captured.taskId(), key.taskId());
            ending = Ending.by(again(captured.ending().expireTime()), new ResultKey(key.end(), captured.names(), captured.taskId(), key.subId()));
        }
        return new JobMessage(captured.taskId(), captured.names(), captured.category(), captured.model(), "", captured.args(),
        again(captured.createdAt()),
                ending, captured.runningCount(), "", 0, null, 0);
    }

    private static String again(String time) {
        return UTC.text(UTC.parse(time).orElseThrow());
    }

    @Test
    void every_captured_subject_is_what_we_would_send_on() {
        int checked = 0;
        for (JsonObject line : jobMessages()) {
            JobMessage message = JobMessage.parse(line.get("payload").asString().getBytes(StandardCharsets.UTF_8));
            JobSubject subject = JobSubject.parse(line.get("subject").asString()).orElseThrow();
            assertEquals(line.get("subject").asString(), subject.text());
            assertEquals(message.names(), subject.names());
            if (message.model() == Model.ULTRA) {
                continue;
            }
            boolean first = message.category() == Category.MAP && !message.ending().key().contains(".end.");
            assertEquals(line.get("subject").asString(), first ? Subjects.preStart(subject.model(), message.names())
                    : Subjects.start(subject.model(), message.names()));
            checked++;
        }
        assertTrue(checked > 20, checked + " subjects");
    }

    @Test
    void the_wrong_subject_of_ultra_in_memory_is_not_copied() {
        long wrong = LINES.stream().filter(l -> l.get("subject") != null && l.get("case").asString().endsWith(".ultra.memory")
                && l.get("subject").asString().startsWith("natsjob-void.job.start.") && JobSubject.parse(l.get("subject").asString()).isEmpty()).count();
        assertTrue(wrong > 0, "none captured");
        JsonObject stored = LINES.stream().filter(l -> l.get("subject") != null && l.get("subject").asString().contains(".client-start.")).findFirst().orElseThrow();
        JobSubject subject = JobSubject.parse(stored.get("subject").asString()).orElseThrow();
        assertEquals(stored.get("subject").asString(), Subjects.clientStart(SubjectModel.JET_STREAM, subject.names(), subject.workerId()));
    }

    @Test
    void every_captured_key_parses_and_round_trips() {
        assertTrue(results().size() > 80, results().size() + " keys");
        for (JsonObject line : results()) {
            String key = line.get("key").asString();
            assertEquals(key, ResultKey.parse(key).map(ResultKey::text).orElse("no key"));
        }
    }

    @Test
    void every_answer_of_a_worker_is_what_the_run_shows() {
        Map<String, List<Answer>> answers = new HashMap<>();
        int empty = 0;
        for (JsonObject line : results()) {
            if (line.get("value").isNull()) {
                continue;
            }
            ResultKey key = ResultKey.parse(line.get("key").asString()).orElseThrow();
            Parsed parsed = Answer.parse(key, line.get("value").asString().getBytes(StandardCharsets.UTF_8));
            if (line.get("value").asString().isEmpty()) {
                assertEquals(Parsed.EMPTY, parsed);
                empty++;
                continue;
            }
            Answer answer = assertInstanceOf(Answer.class, parsed, line.toString());
            assertEquals(answer.status() == Answer.Status.NEXT, key.end() == End.PRE_END);
            answers.computeIfAbsent(line.get("case").asString(), c -> new ArrayList<>()).add(answer);
        }
        assertTrue(empty > 20, empty + " presets");
        assertRowsAgree(answers);
    }

    private static void assertRowsAgree(Map<String, List<Answer>> answers) {
        int rows = 0;
        for (JsonObject line : LINES) {
            if (line.get("row") == null || line.get("row").isNull() || line.getString("case", "").equals("step-and-expiry")) {
                continue;
            }
            JsonObject row = line.get("row").asObject();
            Answer shown = answers.get(line.get("case").asString()).getLast();
            assertEquals(row.get("status").asString(), shown.status().word());
            assertEquals(row.get("reason").asString(), shown.reason());
            assertEquals(row.get("clientId").asString(), shown.clientId());
            assertEquals(row.getString("monitorStatus", ""), shown.monitorStatus());
            assertEquals(row.getString("monitorPayload", ""), shown.monitorPayload());
            rows++;
        }
        assertTrue(rows >= 19, rows + " rows");
    }

    @Test
    void streams_and_buckets_have_the_captured_names_and_times() {
        Map<String, JsonObject> configs = new HashMap<>();
        LINES.stream().filter(l -> l.get("config") != null && l.get("config").asObject().get("max_age") != null)
                .forEach(l -> configs.put(l.get("config").asObject().get("name").asString(), l.get("config").asObject()));
        assertEquals(Buckets.KEPT_SECONDS, seconds(configs.get(Buckets.STREAM), "max_age"));
        assertEquals(Buckets.DUPLICATE_WINDOW_SECONDS, seconds(configs.get(Buckets.STREAM), "duplicate_window"));
        assertEquals(Buckets.KEPT_SECONDS, seconds(configs.get(Buckets.streamOf(Buckets.RESULTS)), "max_age"));
        assertEquals(Buckets.ALIVE_SECONDS, seconds(configs.get(Buckets.streamOf(Buckets.HEARTBEAT)), "max_age"));
        assertEquals(Buckets.ALIVE_SECONDS, seconds(configs.get(Buckets.streamOf(Buckets.LEADER)), "max_age"));
        assertEquals("$KV.natsjob-job-results.>", configs.get("KV_natsjob-job-results").get("subjects").asArray().get(0).asString());
        assertEquals("$KV.natsjob-job-results.>", Buckets.subjectOf(Buckets.RESULTS, ">"));
    }

    private static long seconds(JsonObject config, String field) {
        return config.get(field).asLong() / 1_000_000_000L;
    }

    @Test
    void every_captured_step_is_read_with_its_times() {
        List<JsonObject> steps = LINES.stream().filter(l -> Subjects.SUB_RESULT_FLOW.equals(l.getString("subject", ""))).toList();
        assertTrue(steps.size() >= 4, steps.size() + " steps");
        for (JsonObject line : steps) {
            StepReport step = assertInstanceOf(StepReport.class, StepReport.parse(line.get("payload").asString().getBytes(StandardCharsets.UTF_8), UTC), line.toString());
            assertTrue(step.taskId() > 2_000_000_000_000_000_000L, line.toString());
            assertTrue(step.times().startAt() > 1_795_000_000_000L && step.times().endAt() >= step.times().startAt(), step.toString());
            boolean alarming = line.get("payload").asString().contains("onitorStatus");
            assertEquals(alarming ? "monitoring:email" : "", step.alarm().monitorStatus());
        }
    }

    @Test
    void every_captured_monitor_message_is_what_we_would_build() {
        List<JsonObject> messages = LINES.stream().filter(l -> l.getString("subject", "").startsWith("natsjob.job.monitor.")).toList();
        assertTrue(messages.size() >= 10, messages.size() + " messages");
        for (JsonObject line : messages) {
            String payload = line.get("payload").asString();
            JsonObject fields = Json.parseObject(payload);
            RunNames names = new RunNames(fields.get("namespace").asString(), fields.get("appName").asString(), fields.get("jobName").asString());
            boolean ofStep = !fields.get("subTaskId").asString().isEmpty();
            String createdAt = fields.get("createAt").asString();
            long at = UTC.parseAny(createdAt).orElseThrow();
            MonitorMessage message = new MonitorMessage(Long.parseLong(fields.get("taskId").asString()), fields.get("subTaskId").asString(), names,
                    fields.get("status").asString(), fields.get("reason").asString(), fields.get("monitorStatus").asString(), fields.get("monitorPayload").asString(),
                    ofStep ? UTC.seconds(at) : UTC.text(at));
            assertEquals(payload, new String(message.json(), StandardCharsets.UTF_8));
            assertEquals(line.get("subject").asString(), Subjects.monitor(names.namespace(), names.app()));
        }
    }
}
