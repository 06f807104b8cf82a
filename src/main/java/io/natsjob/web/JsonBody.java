package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The JSON of a request: the content type must say so, the bytes must be UTF-8. */
final class JsonBody {
    private static final String INVALID = "body.invalid";

    private JsonBody() {}

    /** @throws Refusal 415 for another content type or charset, 400 for what is not UTF-8 or not JSON, with its position */
    static JsonValue parse(Head head, byte[] body) {
        requireJson(head);
        try {
            return Json.parse(decoded(body));
        } catch (JsonException e) {
            String where = e.offset() < 0 ? "" : " (position " + e.offset() + ")";
            throw Refusal.of(400, INVALID, e.getMessage() + where);
        }
    }

    static JsonObject object(JsonValue value) {
        if (!value.isObject()) {
            throw Refusal.of(400, INVALID, "expected a JSON object, found " + Json.kind(value));
        }
        return value.asObject();
    }

    private static void requireJson(Head head) {
        String type = head.header("Content-Type").orElse("");
        String[] parts = type.toLowerCase(Locale.ROOT).split(";");
        String media = parts.length == 0 ? "" : parts[0].trim();
        boolean json = media.equals("application/json") || head.method().equals("PATCH") && media.equals("application/merge-patch+json");
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].trim().replace("\"", "");
            json &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!json) {
            throw Refusal.of(415, "body.type", "expected Content-Type: application/json in UTF-8, found " + Shown.text(type));
        }
    }

    private static String decoded(byte[] utf8) {
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        CoderResult result = StandardCharsets.UTF_8.newDecoder().decode(in, out, true);
        if (result.isError()) {
            throw Refusal.of(400, INVALID, "not valid UTF-8 at byte " + in.position());
        }
        return out.flip().toString();
    }
}
