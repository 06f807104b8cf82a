package io.natsjob.testkit;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A small client of natsjob's API. Paths are relative to {@code /natsjob/api/v1/} ({@code jobs?limit=5}) or, with a leading slash, to the
 * server ({@code /readyz}). An answer takes at most 30 s. Safe from any thread once logged in.
 */
public final class HttpApi {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int PAGES_LIMIT = 10_000;

    /** An answer: status, body as JSON ({@code Json.NULL} if it is empty or not JSON), body as text, headers. */
    public record Reply(int status, JsonValue body, String text, HttpHeaders headers) {
        /** The body as an object; fails with the whole answer when it is none. */
        public JsonObject object() {
            if (!body.isObject()) {
                throw new AssertionError("not a JSON object: " + this);
            }
            return body.asObject();
        }

        /** The text of a field, or null. */
        public String text(String field) {
            JsonValue value = object().get(field);
            return value == null || value.isNull() ? null : value.isString() ? value.asString() : value.toString();
        }

        /** The stable word of a problem, such as {@code job.stale}; null when there is none. */
        public String code() {
            return text("code");
        }

        /** This answer, if it has the status; else the test fails with all of it. */
        public Reply expect(int expected) {
            if (status != expected) {
                throw new AssertionError("expected status " + expected + ", got " + status + ": " + text);
            }
            return this;
        }

        @Override
        public String toString() {
            return status + " " + text;
        }
    }

    private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(LIMIT).build();
    private final URI base;
    private volatile String token;

    /** A client of the server at an address like {@code http://127.0.0.1:7788}. */
    public HttpApi(String address) {
        this.base = URI.create(address + "/natsjob/api/v1/");
    }

    /** Logs in; all later requests carry the token. */
    public HttpApi login(String user, String password) {
        JsonObject body = Json.object().add("user", user).add("password", password);
        token = post("login", body).expect(200).text("token");
        return this;
    }

    /** The token of the login, or null. */
    public String token() {
        return token;
    }

    public Reply get(String path) {
        return send("GET", path, null);
    }

    public Reply post(String path, JsonValue body) {
        return send("POST", path, body);
    }

    public Reply put(String path, JsonValue body) {
        return send("PUT", path, body);
    }

    public Reply patch(String path, JsonValue body) {
        return send("PATCH", path, body);
    }

    public Reply delete(String path) {
        return send("DELETE", path, null);
    }

    /** All items of a list, over all its pages. */
    public List<JsonObject> all(String path) {
        List<JsonObject> items = new ArrayList<>();
        String cursor = null;
        for (int page = 0; page < PAGES_LIMIT; page++) {
            Reply reply = get(cursor == null ? path : path + (path.contains("?") ? "&" : "?") + "cursor=" + encode(cursor)).expect(200);
            reply.object().get("items").asArray().forEach(item -> items.add(item.asObject()));
            cursor = reply.text("next");
            if (cursor == null) {
                return items;
            }
        }
        throw new AssertionError("more than " + PAGES_LIMIT + " pages of " + path);
    }

    /** A value for a query. */
    public static String encode(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private Reply send(String method, String path, JsonValue body) {
        byte[] bytes = body == null ? new byte[0] : body.toString().getBytes(StandardCharsets.UTF_8);
        return send(method, path, bytes, body == null ? Map.of() : Map.of("Content-Type", "application/json"));
    }

    /** Any request, well formed or not. Without an {@code Authorization} header it carries the token of the login. */
    public Reply send(String method, String path, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path)).timeout(LIMIT)
                .method(method, body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        if (token != null && !headers.containsKey("Authorization")) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            return new Reply(response.statusCode(), json(response.body()), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private static JsonValue json(String text) {
        try {
            return text.isEmpty() ? Json.NULL : Json.parse(text);
        } catch (ParseException notJson) {
            return Json.NULL;
        }
    }
}
