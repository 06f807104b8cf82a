package io.natsjob.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.json.Json;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LineFormatTest {
    private static final long MILLIS = Instant.parse("2026-01-01T19:04:05.678Z").toEpochMilli();
    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

    private static LogLine line(Level level, String message, Throwable error, Object... keyValues) {
        return new LogLine(level, "dispatch", Fields.cut(message), Fields.of(keyValues), error);
    }

    private static String text(LogLine line) {
        return LineFormat.TEXT.line(MILLIS, SHANGHAI, line);
    }

    private static String json(LogLine line) {
        return LineFormat.JSON.line(MILLIS, SHANGHAI, line);
    }

    @Test
    void text_has_time_level_logger_message_and_key_values() {
        assertEquals(
                "2026-01-02 03:04:05.678+08:00 INFO  dispatch  NATS connected url=nats://a:4222 why=\"with blank\" n=3\n",
                text(line(Level.INFO, "NATS connected", null, "url", "nats://a:4222", "why", "with blank", "n", 3)));
    }

    @Test
    void levels_are_padded_to_one_column() {
        assertTrue(text(line(Level.ERROR, "m", null)).contains("+08:00 ERROR dispatch  m\n"));
        assertTrue(text(line(Level.WARN, "m", null)).contains("+08:00 WARN  dispatch  m\n"));
    }

    @Test
    void json_starts_with_level_ts_and_msg() {
        assertEquals(
                "{\"level\":\"info\",\"ts\":\"2026-01-02 03:04:05.678+08:00\",\"msg\":\"started\",\"logger\":\"dispatch\","
                        + "\"port\":7788,\"zone\":\"UTC\",\"ok\":true,\"none\":null,\"id\":\"9223372036854775807\"}\n",
                json(line(Level.INFO, "started", null, "port", 7788, "zone", "UTC", "ok", true, "none", null, "id", Long.MAX_VALUE)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "a\\nb|~\"a\\nb\"~", "a\\rb|~\"a\\rb\"~", "a\\tb|~\"a\\tb\"~", "\\e[31mred|~\"\\u001b[31mred\"~", "a\\0b|~\"a\\u0000b\"~",
        "say \"x\"|~\"say \\\"x\\\"\"~", "a=b|~\"a=b\"~", "c:\\\\d|~\"c:\\\\d\"~", "~~|~\"\"~", "plain|plain", "任务|任务"
    })
    void a_value_cannot_start_a_line_or_steer_a_terminal(String escaped, String expected) {
        String value = escaped.replace("\\\\", "\u0001").replace("\\n", "\n").replace("\\r", "\r").replace("\\t", "\t")
                .replace("\\e", "\u001b").replace("\\0", "\0").replace("\u0001", "\\");
        assertTrue(text(line(Level.INFO, "m", null, "k", value)).endsWith(" k=" + expected + "\n"), () -> text(line(Level.INFO, "m", null, "k", value)));
        String member = Json.parseObject(json(line(Level.INFO, "m", null, "k", value))).getString("k", null);
        assertEquals(value, member);
    }

    @Test
    void messages_loggers_keys_and_exceptions_are_escaped_too() {
        Exception error = new IllegalStateException("first\n2026-01-01 00:00:00.000Z ERROR forged", new RuntimeException("inner\r\nline"));
        LogLine line = new LogLine(Level.ERROR, "lo\ngger", "mess\nage", Fields.of("ke\ny", "v"), error);
        for (String row : text(line).split("\n")) {
            assertTrue(row.startsWith("2026-01-02") || row.startsWith("    "), row);
        }
        assertEquals(1, json(line).lines().count());
        assertTrue(Json.parseObject(json(line)).getString("stack", "").contains("caused by java.lang.RuntimeException: inner"));
    }

    @Test
    void lone_surrogates_and_direction_marks_are_escaped_but_emoji_are_not() {
        assertTrue(text(line(Level.INFO, "m", null, "k", "\ud83d")).endsWith(" k=\"\\ud83d\"\n"));
        assertTrue(text(line(Level.INFO, "m", null, "k", "a\u202eb")).endsWith(" k=\"a\\u202eb\"\n"));
        assertTrue(text(line(Level.INFO, "m", null, "k", "\ud83d\ude00")).endsWith(" k=\ud83d\ude00\n"));
    }

    @Test
    void a_warning_names_the_error_and_an_error_shows_its_stack() {
        Exception error = new IllegalStateException("outer", new java.io.IOException("inner"));
        assertTrue(text(line(Level.WARN, "m", error))
                .endsWith("m error=\"java.lang.IllegalStateException: outer; caused by java.io.IOException: inner\"\n"));
        assertTrue(text(line(Level.ERROR, "m", error)).contains("\n    at io.natsjob.log.LineFormatTest."));
        assertFalse(json(line(Level.WARN, "m", error)).contains("\"stack\""));
    }

    @Test
    void a_key_value_cannot_replace_a_member_of_the_line() {
        assertTrue(json(line(Level.INFO, "m", null, "level", "error", "msg", "x")).contains("\"level_\":\"error\",\"msg_\":\"x\""));
    }

    @Test
    void long_values_are_cut_at_2048_characters_and_not_inside_a_character() {
        assertEquals("x".repeat(2048) + "...(952 more)", Fields.text("x".repeat(3000)));
        assertEquals("x".repeat(2048), Fields.text("x".repeat(2048)));
        assertEquals("x".repeat(2047) + "...(2 more)", Fields.text("x".repeat(2047) + "\ud83d\ude00"));
    }

    @Test
    void odd_or_missing_key_values_and_failing_objects_do_not_throw() {
        Object failing = new Object() {
            @Override
            public String toString() {
                throw new UnsupportedOperationException("no");
            }
        };
        assertTrue(text(line(Level.INFO, "m", null, "alone")).endsWith(" extra=alone\n"));
        assertTrue(text(line(Level.INFO, "m", null, "k", failing)).contains("(no text: java.lang.UnsupportedOperationException)"));
        assertTrue(text(line(Level.INFO, null, null, (Object[]) null)).endsWith("  null\n"));
        assertEquals(LogLine.FIELDS_MAX, Fields.of(new Object[200]).size());
    }

    @Test
    void a_cycle_of_causes_ends() {
        Exception outer = new Exception("outer");
        Exception inner = new Exception("inner", outer);
        outer.initCause(inner);
        assertTrue(Causes.line(outer).length() < 1000);
    }
}
