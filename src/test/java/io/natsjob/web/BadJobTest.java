package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.web.TestServer.Reply;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.Arguments;

class BadJobTest {
    @TempDir
    static Path folder;
    static TestServer server;

    @BeforeAll
    static void start() {
        server = TestServer.start(folder);
    }

    @AfterAll
    static void close() {
        server.close();
    }

    static Stream<Arguments> badFields() {
        return Stream.of(
                Arguments.of("name", "\"a.b\"", "name.invalid", "a.b"),
                Arguments.of("name", "\" \"", "name.invalid", "letters and digits"),
                Arguments.of("name", "\"\"", "name.invalid", "letters and digits"),
                Arguments.of("name", "\"a b\"", "name.invalid", "a b"),
                Arguments.of("name", "\"😀\"", "name.invalid", "😀"),
                Arguments.of("name", "\"" + "n".repeat(65) + "\"", "name.invalid", "1 to 64"),
                Arguments.of("name", "null", "field.required", "required"),
                Arguments.of("name", "7", "field.invalid", "a number"),
                Arguments.of("category", "\"single\"", "field.invalid", "standalone|broadcast|map"),
                Arguments.of("model", "\"mini\"", "field.invalid", "lite|plus|max|pro|ultra"),
                Arguments.of("zone", "\"Mars/Olympus\"", "zone.invalid", "Mars/Olympus"),
                Arguments.of("zone", "\"UTC+1\"", "zone.invalid", "IANA"),
                Arguments.of("zone", "\"\"", "zone.invalid", "null for the server's"),
                Arguments.of("schedule", "\"0 9 * * *\"", "cron.invalid", "position"),
                Arguments.of("schedule", "\"0 0 9 * * * *\"", "cron.invalid", "position"),
                Arguments.of("schedule", "\"61 * * * * *\"", "cron.invalid", "position 0"),
                Arguments.of("schedule", "\"@every 1x\"", "cron.invalid", "position"),
                Arguments.of("schedule", "\"@every 1h 30m\"", "cron.invalid", "position"),
                Arguments.of("schedule", "\"" + "0,".repeat(129) + "\"", "field.invalid", "at most 256"),
                Arguments.of("schedule", "null", "field.required", "required"),
                Arguments.of("timeoutSeconds", "0", "field.invalid", "1 to 86400, found 0"),
                Arguments.of("timeoutSeconds", "86401", "field.invalid", "1 to 86400"),
                Arguments.of("timeoutSeconds", "1.5", "field.invalid", "whole number"),
                Arguments.of("timeoutSeconds", "\"60\"", "field.invalid", "whole number"),
                Arguments.of("maxConcurrency", "0", "field.invalid", "1 to 10000"),
                Arguments.of("maxConcurrency", "10001", "field.invalid", "1 to 10000"),
                Arguments.of("misfire", "\"never\"", "field.invalid", "skip|fireOnce|fireAll"),
                Arguments.of("misfireMax", "1001", "field.invalid", "1 to 1000"),
                Arguments.of("startAt", "-1", "field.invalid", "whole number"),
                Arguments.of("endAt", "9223372036854775808", "field.invalid", "whole number"),
                Arguments.of("args", "\"" + "a".repeat(1_025) + "\"", "field.invalid", "at most 1024"),
                Arguments.of("args", "\"a\\u0000b\"", "field.invalid", "U+0000"),
                Arguments.of("args", "{}", "field.invalid", "an object"),
                Arguments.of("comment", "\"" + "c".repeat(1_025) + "\"", "field.invalid", "at most 1024"),
                Arguments.of("enabled", "\"yes\"", "field.invalid", "true or false"),
                Arguments.of("namespace", "\"nowhere\"", "namespace.unknown", "nowhere"),
                Arguments.of("app", "\"nobody\"", "app.unknown", "nobody"),
                Arguments.of("app", "null", "field.required", "required"),
                Arguments.of("timeoutSecond", "60", "field.unknown", "unknown field"));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @MethodSource("badFields")
    void one_bad_field_is_refused_by_its_name(String field, String value, String code, String inMessage) {
        Reply reply = server.post("jobs", TestServer.jobJson("fine", field, value).toString()).expect(400);
        assertEquals(code, reply.code(), reply.text());
        assertEquals(List.of(field), reply.fields(), reply.text());
        assertTrue(reply.json().get("errors").toString().contains(inMessage), reply.text());
        assertEquals(List.of(), server.get("jobs").expect(200).names());
    }

    @ParameterizedTest
    @CsvSource({
        "lite, misfire, fireOnce",
        "plus, misfire, fireAll",
        "lite, subjectModel, jetStream"})
    void what_a_model_cannot_do_is_refused(String model, String field, String value) {
        Reply reply = server.post("jobs", TestServer.jobJson("fine", "model", '"' + model + '"', field, '"' + value + '"').toString()).expect(400);
        assertEquals(List.of(field), reply.fields(), reply.text());
    }

    @Test
    void map_with_ultra_is_refused_by_name() {
        Reply reply = server.post("jobs", TestServer.jobJson("fine", "model", "\"ultra\"", "category", "\"map\"").toString()).expect(400);
        assertEquals(List.of("model"), reply.fields());
        assertTrue(reply.text().contains("map has no ultra"), reply.text());
    }

    @Test
    void half_a_character_is_refused() {
        String body = TestServer.jobJson("fine").toString().replace("{", "{\"args\":\"\\ud800\",");
        assertEquals(List.of("args"), server.post("jobs", body).expect(400).fields());
    }

    @Test
    void end_before_start_is_refused() {
        Reply reply = server.post("jobs", TestServer.jobJson("fine", "startAt", "2000", "endAt", "1999").toString()).expect(400);
        assertEquals(List.of("endAt"), reply.fields());
    }

    @Test
    void all_faults_are_told_at_once() {
        Reply reply = server.post("jobs", TestServer.jobJson("a.b", "schedule", "\"x\"", "timeoutSeconds", "0", "category", "\"each\"", "typo", "1",
                "app", "\"nobody\"").toString()).expect(400);
        assertEquals(List.of("category", "typo", "name", "schedule", "timeoutSeconds", "app"), reply.fields());
        assertEquals("field.invalid", reply.code());
    }

    @Test
    void a_field_given_twice_is_refused() {
        String body = TestServer.jobJson("fine").toString().replaceFirst("\\{", "{\"args\":\"1\",\"args\":\"2\",");
        assertEquals(List.of("args"), server.post("jobs", body).expect(400).fields());
    }

    @Test
    void lengths_are_counted_in_code_points() {
        try {
            assertEquals("😀".repeat(1_024), server.job("emoji", "args", '"' + "😀".repeat(1_024) + '"').getString("args", ""));
            assertEquals(List.of("args"), server.post("jobs", TestServer.jobJson("fine", "args", '"' + "😀".repeat(1_025) + '"').toString()).expect(400).fields());
        } finally {
            server.get("jobs").items("items").forEach(job -> server.delete("jobs/" + job.asObject().getString("id", "")).expect(204));
        }
    }
}
