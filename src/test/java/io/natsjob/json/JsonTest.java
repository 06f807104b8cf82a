package io.natsjob.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.JsonObject;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"a\":}", "{'a':1}", "{a:1}", "[1,]", "{\"a\":1}x", "NaN", "01", "+1", "\"\n\"", "\"\\x\"", "\ufeff{}", "tru"})
    void text_that_is_not_json_is_refused_with_a_position(String text) {
        JsonException e = assertThrows(JsonException.class, () -> Json.parse(text));
        assertTrue(e.offset() >= 0 && e.offset() <= text.length(), e.getMessage());
        assertTrue(e.getMessage().startsWith("not valid JSON: "), e.getMessage());
    }

    @Test
    void the_input_is_not_repeated_in_the_message() {
        JsonException e = assertThrows(JsonException.class, () -> Json.parse("{\"pwd\":\"hunter2\",}"));
        assertTrue(!e.getMessage().contains("hunter2"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nesting_of_100000_levels_is_refused_and_overflows_no_stack(String open) {
        assertThrows(JsonException.class, () -> Json.parse(open.repeat(100_000)));
        assertThrows(JsonException.class, () -> Json.parseObject(bytes("{\"a\":" + open.repeat(100_000))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "1", "null", "\"x\"", "true"})
    void a_value_that_is_no_object_is_refused_where_one_is_needed(String text) {
        JsonException e = assertThrows(JsonException.class, () -> Json.parseObject(bytes(text)));
        assertTrue(e.getMessage().startsWith("expected a JSON object, found "), e.getMessage());
    }

    @Test
    void malformed_utf8_is_refused_with_its_byte() {
        byte[] bytes = bytes("{\"a\":\"?\"}");
        bytes[6] = (byte) 0xff;
        JsonException e = assertThrows(JsonException.class, () -> Json.parseObject(bytes));
        assertEquals("not valid UTF-8 at byte 6", e.getMessage());
        assertEquals(6, e.offset());
    }

    @Test
    void utf8_that_ends_inside_a_character_is_refused() {
        assertThrows(JsonException.class, () -> Json.parseObject(new byte[] {'{', '}', (byte) 0xe4, (byte) 0xbb}));
    }

    @Test
    void lenient_reading_replaces_malformed_utf8() {
        byte[] bytes = bytes("{\"reason\":\"?\"}");
        bytes[11] = (byte) 0xff;
        assertEquals("\ufffd", Json.parseLenient(bytes).getString("reason", null));
    }

    @Test
    void other_scripts_and_emoji_survive() {
        assertEquals("任务 😀", Json.parseObject(bytes("{\"a\":\"任务 😀\"}")).getString("a", null));
        assertEquals("😀", Json.parseObject("{\"a\":\"\\ud83d\\ude00\"}").getString("a", null));
    }

    @Test
    void of_members_with_one_name_the_last_counts() {
        assertEquals(2, Json.longValue(Json.field(Json.parseObject("{\"a\":1,\"a\":2}"), "a")));
    }

    @Test
    void exact_reading_knows_case_and_the_other_does_not() {
        JsonObject object = Json.parseObject("{\"Status\":\"a\",\"STATUS\":\"b\",\"other\":null}");
        assertNull(Json.field(object, "status"));
        assertEquals("a", Json.field(object, "Status").asString());
        assertEquals("b", Json.fieldIgnoreCase(object, "status").asString());
        assertNull(Json.fieldIgnoreCase(object, "absent"));
        assertTrue(Json.field(object, "other").isNull());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_234_567_890_123_456_789L, Long.MAX_VALUE, Long.MIN_VALUE})
    void numbers_of_19_digits_survive(long number) {
        JsonObject object = Json.parseObject("{\"id\":" + number + "}");
        assertEquals(number, Json.longValue(Json.field(object, "id")));
        assertEquals("{\"id\":" + number + "}", object.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1e3", "9223372036854775808", "\"1\"", "true", "null", "[1]"})
    void what_is_no_whole_number_is_refused(String text) {
        assertThrows(JsonException.class, () -> Json.longValue(Json.parse(text)));
    }

    @Test
    void an_absent_number_is_refused() {
        assertEquals("expected a whole number, found nothing", assertThrows(JsonException.class, () -> Json.longValue(null)).getMessage());
    }
}
