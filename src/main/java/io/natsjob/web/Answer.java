package io.natsjob.web;

import com.eclipsesource.json.JsonValue;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What goes back.
 *
 * @param body    empty for 204
 * @param headers in addition to those that every answer has
 */
record Answer(int status, byte[] body, Map<String, String> headers) {
    private static final String JSON = "application/json; charset=utf-8";

    static Answer json(int status, JsonValue body) {
        return new Answer(status, utf8(body), Map.of("Content-Type", JSON));
    }

    static Answer ok(JsonValue body) {
        return json(200, body);
    }

    static Answer noContent() {
        return new Answer(204, new byte[0], Map.of());
    }

    static Answer problem(Problem problem, String requestId) {
        return new Answer(problem.status(), utf8(problem.json(requestId)), Map.of("Content-Type", Problem.CONTENT_TYPE));
    }

    Answer with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(headers);
        all.putAll(more);
        return new Answer(status, body, Map.copyOf(all));
    }

    private static byte[] utf8(JsonValue value) {
        return value.toString().getBytes(StandardCharsets.UTF_8);
    }
}
