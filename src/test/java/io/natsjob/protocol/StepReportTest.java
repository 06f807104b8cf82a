package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.natsjob.job.RunNames;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StepReportTest {
    private static final WireTime SHANGHAI = new WireTime(ZoneId.of("Asia/Shanghai"));
    private static final long TASK = 2124528954948718592L;

    private static ParsedStep parse(String json) {
        return StepReport.parse(json.getBytes(StandardCharsets.UTF_8), SHANGHAI);
    }

    private static StepReport step(String json) {
        return assertInstanceOf(StepReport.class, parse(json), json);
    }

    @Test
    void takes_the_names_of_fields_in_any_case() {
        StepReport step = step("{\"TASKID\": \"" + TASK + "\", \"Namespace\": \"app\", \"appname\": \"biz\", \"JobName\": \"owner\", \"ClientId\": \"client-A\","
                + "\"sceneid\": \"scene-1\", \"SceneName\": \"场景1\", \"Status\": \"process1\", \"Reason\": \"进入基础境\", \"MonitorStatus\": \"monitoring:email\","
                + "\"MonitorPayload\": \"积压1w条数据\", \"StartAt\": \"2026-11-22 15:42:29.356\", \"ENDAT\": \"2026-11-22 15:42:32.356\"}");
        long start = Instant.parse("2026-11-22T07:42:29.356Z").toEpochMilli();
        assertEquals(new StepReport(TASK, new RunNames("app", "biz", "owner"), new StepReport.Source("client-A", "scene-1", "场景1"), "process1", "进入基础境",
                new StepReport.Alarm("monitoring:email", "积压1w条数据"), new StepReport.Times(start, start + 3_000)), step);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2124528954948718593", "\"2124528954948718593\"", "\" 2124528954948718593 \""})
    void keeps_all_nineteen_digits_of_a_task(String written) {
        assertEquals(2124528954948718593L, step("{\"taskId\":" + written + "}").taskId());
    }

    @ParameterizedTest
    @CsvSource({"'\"2026-11-22 15:42:29\"',1795333349000", "'\"2026-11-22 15:42:29.356\"',1795333349356", "'\"2026-11-22 15:42:29.356999\"',1795333349356",
        "1795362161973,1795362161973", "'\"1795362161973\"',1795362161973"})
    void reads_every_form_of_a_time_in_the_zone_of_the_server(String written, long millis) {
        StepReport step = step("{\"taskId\":1,\"startAt\":" + written + ",\"endAt\":" + written + "}");
        assertEquals(new StepReport.Times(millis, millis), step.times());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"\"", "0", "-1", "179536216197", "17953621619730", "1.79536216E12", "1795362161973.0", "true", "{}", "[1795362161973]",
        "\"2026-11-22T15:42:29\"", "\"2026-11-22 15:42:29.35\"", "\"2026-11-22 15:42\"", "\"2026-02-30 15:42:29\"", "\"soon\"", "\"-795362161973\"", "\"179536216197x\""})
    void takes_any_other_time_for_none(String written) {
        StepReport step = step("{\"taskId\":1,\"startAt\":" + written + "}");
        assertNull(step.times().startAt());
        assertNull(step.times().endAt());
    }

    @Test
    void cuts_texts_by_code_points_and_replaces_what_no_database_takes() {
        String emoji = "😀".repeat(1_100);
        StepReport step = step("{\"taskId\":1,\"status\":\"" + emoji + "\",\"reason\":\"" + emoji + "\",\"sceneId\":\"a\\u0000b\\ud800\",\"sceneName\":null,\"clientId\":7}");
        assertEquals(64, step.status().codePointCount(0, step.status().length()));
        assertEquals(1_024, step.reason().codePointCount(0, step.reason().length()));
        assertEquals(new StepReport.Source("7", "a\uFFFDb\uFFFD", ""), step.source());
    }

    @ParameterizedTest
    @CsvSource({"'',step-empty", "'  ',step-empty", "not json,step-malformed", "'[]',step-malformed", "'\"x\"',step-malformed", "'{\"taskId\":1',step-malformed",
        "'{}',step-without-task", "'{\"taskId\":0}',step-without-task", "'{\"taskId\":-5}',step-without-task", "'{\"taskId\":1.5}',step-without-task",
        "'{\"taskId\":9223372036854775808}',step-without-task", "'{\"taskId\":\"x\"}',step-without-task", "'{\"taskId\":{\"a\":1}}',step-without-task"})
    void tells_junk_by_a_word(String payload, String reason) {
        assertEquals(new ParsedStep.Ignored(reason), parse(payload));
    }

    @Test
    void bytes_of_any_kind_end_in_a_value() {
        assertEquals(ParsedStep.TOO_LARGE, StepReport.parse(new byte[Answer.MAX_BYTES + 1], SHANGHAI));
        assertEquals(ParsedStep.MALFORMED, parse("[".repeat(100_000)));
        assertEquals(ParsedStep.MALFORMED, StepReport.parse(new byte[] {(byte) 0xC3, 0x28}, SHANGHAI));
        byte[] latin = "{\"taskId\":1,\"reason\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("caf\uFFFD", assertInstanceOf(StepReport.class, StepReport.parse(latin, SHANGHAI)).reason());
    }
}
