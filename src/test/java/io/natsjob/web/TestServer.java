package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.store.Database;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/** A web server on a free port with a real database in a folder of the test, and a client that is logged in. */
final class TestServer implements AutoCloseable {
    static final long NOW = 1_790_000_000_500L;
    static final byte[] KEY = "a key of more than thirty-two bytes, for tests".getBytes(StandardCharsets.UTF_8);
    private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static {
        // Takes effect unless another test has started an HTTP server in this process before.
        System.setProperty(HttpSettings.MAX_REQUEST_SECONDS, "2");
    }

    final ManualClock clock;
    final FakeEngine engine = new FakeEngine();
    final Database database;
    final WebServer web;
    final String token;

    record Reply(int status, String text, HttpHeaders headers) {
        JsonObject json() {
            return Json.parse(text).asObject();
        }

        String code() {
            return json().getString("code", null);
        }

        List<String> fields() {
            return items("errors").stream().map(e -> e.asObject().getString("field", "")).toList();
        }

        List<JsonValue> items(String name) {
            return StreamSupport.stream(json().get(name).asArray().spliterator(), false).toList();
        }

        List<String> names() {
            return items("items").stream().map(i -> i.asObject().getString("name", "")).toList();
        }

        String header(String name) {
            return headers.firstValue(name).orElse(null);
        }

        Reply expect(int expected) {
            if (status != expected) {
                throw new AssertionError("expected " + expected + ", got " + status + " " + text);
            }
            return this;
        }
    }

    private TestServer(Path folder, WebOptions.Login login, ManualClock clock) {
        this.clock = clock;
        this.database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 100), Clock.system());
        this.web = new WebServer(new WebOptions("127.0.0.1", 0, login, ZoneId.of("UTC"), "1.2.3", "app"), database, engine, clock);
        web.start();
        this.token = login.defaultPassword() ? null : login(login.user(), login.password()).expect(200).json().getString("token", null);
    }

    static TestServer start(Path folder) {
        return start(folder, new WebOptions.Login("ann", "secret", false, 2, KEY));
    }

    static TestServer start(Path folder, WebOptions.Login login) {
        return new TestServer(folder, login, new ManualClock(NOW));
    }

    Reply login(String user, String password, String... headers) {
        return send("POST", "/api/v1/login", new JsonObject().add("user", user).add("password", password).toString(), null, headers);
    }

    Reply get(String path) {
        return send("GET", "/api/v1/" + path, null, token);
    }

    Reply post(String path, String body) {
        return send("POST", "/api/v1/" + path, body, token);
    }

    Reply put(String path, JsonObject body) {
        return send("PUT", "/api/v1/" + path, body.toString(), token);
    }

    Reply put(String path, String body) {
        return put(path, Json.parse(body).asObject());
    }

    Reply patch(String path, String body) {
        return send("PATCH", "/api/v1/" + path, body, token);
    }

    Reply delete(String path) {
        return send("DELETE", "/api/v1/" + path, null, token);
    }

    /** Creates a job of these fields beside the required ones and answers it. */
    JsonObject job(String name, String... more) {
        return post("jobs", jobJson(name, more).toString()).expect(201).json();
    }

    static JsonObject jobJson(String name, String... more) {
        JsonObject body = new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", "0 0 9 * * *");
        for (int i = 0; i < more.length; i += 2) {
            body.set(more[i], Json.parse(more[i + 1]));
        }
        return body;
    }

    /** Path from the root; header names and values in turn. A body goes as application/json unless a Content-Type is given. */
    Reply send(String method, String path, String body, String bearer, String... headers) {
        return send(method, path, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body), body != null, bearer, headers);
    }

    Reply sendBytes(String method, String path, byte[] body, String... headers) {
        return send(method, path, BodyPublishers.ofByteArray(body), true, token, headers);
    }

    private Reply send(String method, String path, BodyPublisher body, boolean hasBody, String bearer, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path)).timeout(Duration.ofSeconds(20)).method(method, body);
        List<String> all = new ArrayList<>(List.of(headers));
        if (hasBody && !all.contains("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        if (bearer != null) {
            request.header("Authorization", "Bearer " + bearer);
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            var response = CLIENT.send(request.build(), BodyHandlers.ofString());
            return new Reply(response.statusCode(), response.body(), response.headers());
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + web.address().getPort() + path);
    }

    @Override
    public void close() {
        web.close();
        database.close();
    }
}
