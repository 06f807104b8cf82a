package io.natsjob.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.natsjob.job.RunNames;
import io.natsjob.protocol.Answer.Status;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerTest {
    private static final RunNames OWNER = new RunNames("app", "biz", "owner");
    private static final Map<String, ResultKey> KEYS = Map.of("end", new ResultKey(End.END, OWNER, 7, null), "pre-end",
            new ResultKey(End.PRE_END, OWNER, 7, null), "client-end", new ResultKey(End.CLIENT_END, OWNER, 7, 8L));

    private static Parsed parse(String key, String value) {
        return Answer.parse(KEYS.get(key), value.getBytes(StandardCharsets.UTF_8));
    }

    private static Answer answer(String value) {
        return assertInstanceOf(Answer.class, parse("end", value), value);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"end|success|SUCCESS", "end|fail|FAIL", "end|` success\r\n`|SUCCESS",
        "client-end|fail|FAIL",
        "pre-end|success:next|NEXT", "pre-end|success|SUCCESS", "pre-end|fail|FAIL", "end|{\"status\":\"success\"}|SUCCESS",
        "end|` \t{\"status\":\"fail\"}\n`|FAIL",
        "pre-end|{\"status\":\"success:next\"}|NEXT", "end|{\"STATUS\":\"fail\"}|FAIL", "end|{\"Status\":\"fail\",\"status\":\"success\"}|SUCCESS",
        "end|{\"status\":\"success\",\"other\":[1,{\"a\":null}]}|SUCCESS"})
    void takes_the_states_that_a_worker_may_give(String key, String value, Status expected) {
        assertEquals(expected, assertInstanceOf(Answer.class, parse(key, value)).status());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {"end|``|empty", "end|` \n\t`|empty", "end|{|malformed",
        "end|{\"status\":\"success\"|malformed",
        "end|{\"status\":\"success\"} x|malformed", "end|{'status':'success'}|malformed", "end|{}|unknown-state",
        "end|{\"status\":null}|unknown-state",
        "end|{\"status\":1}|unknown-state", "end|{\"status\":[\"success\"]}|unknown-state", "end|{\"status\":\"Success\"}|unknown-state",
        "end|{\"status\":\" success\"}|unknown-state", "end|SUCCESS|unknown-state", "end|\"success\"|unknown-state",
        "end|[\"success\"]|unknown-state",
        "end|create|unknown-state", "end|ok|unknown-state", "end|success fail|unknown-state", "end|success:next|misplaced-next",
        "client-end|success:next|misplaced-next", "end|{\"status\":\"success:next\"}|misplaced-next", "end|expired|expired-by-worker",
        "end|EXPIRED|expired-by-worker", "pre-end|{\"status\":\"Expired\"}|expired-by-worker", "end|{\"status\":\" expired \"}|expired-by-worker"})
    void ignores_the_rest_and_says_why(String key, String value, String reason) {
        assertEquals(new Parsed.Ignored(reason), parse(key, value));
    }

    @Test
    void keeps_what_the_worker_says_of_it() {
        assertEquals(new Answer(Status.SUCCESS, "赚到1个小目标", "monitor:world", "p", "client-1"),
                answer("{\"status\":\"success\",\"Reason\":\"赚到1个小目标\",\"MONITORSTATUS\":\"monitor:world\",\"monitorpayload\":\"p\",\"clientID\":\"client-1\"}"));
        assertEquals(new Answer(Status.FAIL, "", "", "", ""), answer("fail"));
    }

    @Test
    void reads_its_own_json_back() {
        Answer answer = new Answer(Status.FAIL, "\"quoted\"\n", "m", "{}", "c");
        assertEquals(answer, Answer.parse(KEYS.get("end"), answer.json()));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"null|''", "12.50|12.50", "true|true", "{\"a\":[1]}|{\"a\":[1]}", "1e400|1e400"})
    void takes_a_reason_that_is_no_text_as_it_is_written(String json, String kept) {
        assertEquals(kept, answer("{\"status\":\"success\",\"reason\":" + json + "}").reason());
    }

    @Test
    void cuts_texts_to_what_is_kept_by_code_points() {
        String face = "😀";
        Answer answer = answer("{\"status\":\"success\",\"reason\":\"" + face.repeat(1_025) + "\",\"monitorStatus\":\"" + face.repeat(65)
                + "\",\"monitorPayload\":\"" + "x".repeat(2_000) + "\",\"clientId\":\"" + "c".repeat(100) + "\"}");
        assertEquals(face.repeat(1_024), answer.reason());
        assertEquals(face.repeat(64), answer.monitorStatus());
        assertEquals("x".repeat(1_024), answer.monitorPayload());
        assertEquals("c".repeat(64), answer.clientId());
    }

    @Test
    void takes_a_reason_of_a_megabyte() {
        assertEquals("r".repeat(1_024), answer("{\"status\":\"fail\",\"reason\":\"" + "r".repeat(1_000_000) + "\"}").reason());
    }

    @Test
    void replaces_what_the_databases_refuse() {
        assertEquals("a\ufffdb\ufffdc", answer("{\"status\":\"fail\",\"reason\":\"a\\u0000b\\ud800c\"}").reason());
    }

    @Test
    void replaces_invalid_utf_8_and_still_counts() {
        String text = "{\"status\":\"fail\",\"reason\":\"a?b\"}";
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        value[text.indexOf('?')] = (byte) 0xFF;
        assertEquals("a\ufffdb", assertInstanceOf(Answer.class, Answer.parse(KEYS.get("end"), value)).reason());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"a\":", "{\"status\":[", "{\"status\":\"success\",\"reason\":[["})
    void survives_any_depth(String unit) {
        assertEquals(Parsed.MALFORMED, parse("end", "{\"a\":" + unit.repeat(50_000)));
        String closed = "{\"status\":\"success\",\"reason\":" + "[".repeat(50_000) + "]".repeat(50_000) + "}";
        assertEquals(Parsed.MALFORMED, parse("end", closed));
    }

    @Test
    void ignores_what_is_larger_than_any_message_should_be() {
        assertEquals(Parsed.TOO_LARGE, Answer.parse(KEYS.get("end"), new byte[Answer.MAX_BYTES + 1]));
    }

    @Test
    void never_throws_whatever_the_bytes_are() {
        Random random = new Random(7);
        byte[] seed = "{\"status\":\"success\",\"reason\":\"x\\u00e9\",\"clientId\":1}".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20_000; i++) {
            byte[] value = seed.clone();
            for (int j = random.nextInt(4); j >= 0; j--) {
                value[random.nextInt(value.length)] = (byte) random.nextInt(256);
            }
            switch (Answer.parse(KEYS.get("end"), value)) {
                case Answer answer -> assertEquals(answer, Answer.parse(KEYS.get("end"), answer.json()));
                case Parsed.Ignored ignored -> assertEquals(ignored.reason(), ignored.reason().toLowerCase(java.util.Locale.ROOT));
            }
        }
    }
}
