package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreviewTest extends WebCase {
    private JsonObject preview(String body) {
        return server.post("schedule/preview", body).expect(200).json();
    }

    @Test
    void the_next_fires_are_told() {
        assertEquals("{\"ok\":true,\"next\":[10000,20000],\"words\":null,\"error\":null}",
                preview("{\"schedule\":\"*/10 * * * * *\",\"from\":0,\"count\":2}").toString());
        assertEquals(5, preview("{\"schedule\":\"@daily\"}").get("next").asArray().size());
        assertTrue(preview("{\"schedule\":\"@daily\"}").get("next").asArray().get(0).asLong() > TestServer.NOW);
    }

    @Test
    void the_zone_counts() {
        assertEquals(0, preview("{\"schedule\":\"0 0 9 * * *\",\"zone\":\"Asia/Tokyo\",\"from\":-0,\"count\":1}".replace("-0", "0"))
                .get("next").asArray().get(0).asLong() % 86_400_000);
    }

    @Test
    void every_counts_from_the_given_moment() {
        assertEquals("[97000,187000]", preview("{\"schedule\":\"@every 90s\",\"from\":7400,\"count\":2}").get("next").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "0 9 * * *", "61 * * * * *", "@every 1x", "@every 1h 30m", "x"})
    void what_cannot_be_read_is_answered_with_its_position(String schedule) {
        JsonObject answer = preview(new JsonObject().add("schedule", schedule).toString());
        assertFalse(answer.getBoolean("ok", true));
        assertTrue(answer.get("next").asArray().isEmpty());
        assertTrue(answer.get("error").asObject().get("position").isNumber());
        assertTrue(answer.get("error").asObject().getString("message", "").contains("expected"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0 0 0 30 2 *", ", * * * * *"})
    void what_never_fires_is_ok_and_has_no_next(String schedule) {
        JsonObject answer = preview(new JsonObject().add("schedule", schedule).toString());
        assertTrue(answer.getBoolean("ok", false));
        assertTrue(answer.get("next").asArray().isEmpty());
        assertTrue(answer.get("error").isNull());
    }

    @Test
    void fewer_fires_than_asked_for_are_told_where_the_search_ends() {
        JsonObject answer = preview("{\"schedule\":\"0 0 0 29 2 *\",\"from\":4059676797000,\"count\":5}");
        assertTrue(answer.getBoolean("ok", false));
        assertTrue(answer.get("next").asArray().size() < 5);
    }

    @Test
    void an_unknown_zone_and_an_overlong_expression_are_answers_too() {
        assertFalse(preview("{\"schedule\":\"@daily\",\"zone\":\"Mars\"}").getBoolean("ok", true));
        assertFalse(preview(new JsonObject().add("schedule", "0,".repeat(200)).toString()).getBoolean("ok", true));
    }

    @Test
    void many_are_answered_in_their_order() {
        JsonArray answers = Json.parse(server.post("schedule/preview", "[{\"schedule\":\"@hourly\"},{\"schedule\":\"x\"}]").expect(200).text()).asArray();
        assertTrue(answers.get(0).asObject().getBoolean("ok", false));
        assertFalse(answers.get(1).asObject().getBoolean("ok", true));
        String item = "{\"schedule\":\"@hourly\",\"count\":1}";
        assertEquals(1_000, Json.parse(server.post("schedule/preview", "[" + item + ("," + item).repeat(999) + "]").expect(200).text()).asArray().size());
        server.post("schedule/preview", "[" + item + ("," + item).repeat(1_000) + "]").expect(400);
        server.post("schedule/preview", "[" + item.replace("1}", "100}") + ("," + item.replace("1}", "100}")).repeat(100) + "]").expect(400);
    }

    @Test
    void a_broken_question_is_refused_by_its_field() {
        assertEquals(List.of("shedule", "schedule", "count"),
                server.post("schedule/preview", "{\"shedule\":\"x\",\"count\":0}").expect(400).fields());
        assertEquals(List.of("[1].from"), server.post("schedule/preview", "[{\"schedule\":\"x\"},{\"schedule\":\"x\",\"from\":\"now\"}]").expect(400).fields());
        assertEquals("body.invalid", server.post("schedule/preview", "[1]").expect(400).code());
    }
}
