package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.Headers;
import io.natsjob.web.TestServer.Reply;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionTest extends WebCase {
    private static final WebOptions.Login DEFAULT = new WebOptions.Login("natsjob", "natsjob", true, 2, TestServer.KEY);

    @Test
    void login_answers_a_token_that_opens_everything() {
        Reply reply = server.login("ann", "secret").expect(200);
        assertEquals("ann", reply.json().getString("user", ""));
        assertEquals(1_790_000_000_000L + 2 * 3_600_000, reply.json().getLong("expiresAt", 0));
        Reply session = server.send("GET", "/api/v1/session", null, reply.json().getString("token", "")).expect(200);
        assertEquals("ann", session.json().getString("user", ""));
    }

    @Test
    void a_wrong_user_and_a_wrong_password_look_the_same() {
        String[][] wrong = {{"ann", "Secret"}, {"bob", "secret"}, {"bob", "x"}, {"ann", "secret "}, {"ann", "s".repeat(1_000)}};
        for (String[] pair : wrong) {
            Reply reply = server.login(pair[0], pair[1]).expect(401);
            assertEquals("auth.failed", reply.code());
            assertEquals("user or password is wrong", reply.json().getString("detail", ""));
        }
        assertEquals(List.of("password"), server.post("login", "{\"user\":\"ann\"}").expect(400).fields());
        assertEquals(List.of("pasword", "password"), server.post("login", "{\"user\":\"ann\",\"pasword\":\"secret\"}").expect(400).fields());
    }

    @Test
    void a_token_ends_with_its_time() {
        server.clock.tick(Duration.ofHours(2).minusSeconds(1));
        server.get("session").expect(200);
        server.clock.tick(Duration.ofSeconds(1));
        assertEquals("auth.required", server.get("session").expect(401).code());
    }

    @Test
    void a_logged_out_token_is_dead_and_stays_dead_after_a_restart() {
        String other = server.login("ann", "secret").json().getString("token", "");
        server.post("logout", "{}").expect(204);
        server.get("jobs").expect(401);
        server.send("GET", "/api/v1/jobs", null, other).expect(200);
        String dead = server.token;
        server.close();
        server = TestServer.start(folder);
        server.send("GET", "/api/v1/jobs", null, dead).expect(401);
        server.send("GET", "/api/v1/jobs", null, other).expect(200);
    }

    @Test
    void a_logout_at_another_server_counts_here_within_a_second() {
        Sessions other = new Sessions(new WebOptions.Login("ann", "secret", false, 2, TestServer.KEY), server.database, server.clock);
        String kept = server.login("ann", "secret").json().getString("token", "");
        server.get("session").expect(200);
        other.end(new Tokens(TestServer.KEY).read(server.token, server.clock.millis()).orElseThrow());
        server.get("session").expect(200);
        server.clock.tick(Duration.ofNanos(Revoked.KNOWN_GOOD_NANOS));
        server.get("session").expect(401);
        server.get("session").expect(401);
        server.send("GET", "/api/v1/session", null, kept).expect(200);
    }

    @Test
    void without_the_database_what_was_known_of_tokens_counts() {
        server.get("session").expect(200);
        server.database.close();
        server.clock.tick(Duration.ofSeconds(5));
        server.get("session").expect(200);
    }

    @Test
    void the_cookie_reads_and_writes_only_with_the_header() {
        String cookie = server.login("ann", "secret").header("Set-Cookie");
        assertTrue(cookie.startsWith("natsjob_session=") && cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict")
                && cookie.contains("; Path=/;") && cookie.contains("Max-Age=7200"), cookie);
        assertFalse(cookie.contains("Secure"));
        String pair = "theme=dark; " + cookie.substring(0, cookie.indexOf(';'));
        server.send("GET", "/api/v1/jobs", null, null, "Cookie", pair).expect(200);
        String body = TestServer.jobJson("owner").toString();
        assertEquals("auth.header", server.send("POST", "/api/v1/jobs", body, null, "Cookie", pair).expect(403).code());
        server.send("POST", "/api/v1/jobs", body, null, "Cookie", pair, "X-Natsjob", "1").expect(201);
        Reply out = server.send("POST", "/api/v1/logout", null, null, "Cookie", pair, "X-Natsjob", "1").expect(204);
        assertTrue(out.header("Set-Cookie").contains("Max-Age=0"));
        server.send("GET", "/api/v1/jobs", null, null, "Cookie", pair).expect(401);
    }

    @Test
    void the_cookie_is_for_tls_only_where_the_browser_speaks_it() {
        assertTrue(server.login("ann", "secret", "X-Forwarded-Proto", "https").header("Set-Cookie").endsWith("; Secure"));
    }

    @Test
    void a_wrong_bearer_is_not_saved_by_a_cookie() {
        String pair = "natsjob_session=" + server.token;
        server.send("GET", "/api/v1/jobs", null, "rubbish", "Cookie", pair).expect(401);
    }

    @Test
    void the_default_password_logs_in_from_this_machine() {
        server.close();
        server = TestServer.start(folder, DEFAULT);
        server.login("natsjob", "natsjob").expect(200);
        assertEquals("auth.failed", server.login("natsjob", "other").expect(401).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"X-Forwarded-For", "X-Real-IP", "Forwarded", "x-forwarded-for"})
    void the_default_password_is_refused_behind_a_proxy(String header) {
        server.close();
        server = TestServer.start(folder, DEFAULT);
        Reply reply = server.login("natsjob", "natsjob", header, "127.0.0.1").expect(403);
        assertEquals("auth.default-password", reply.code());
        assertTrue(reply.json().getString("detail", "").contains("NATSJOB_LOGIN_PWD"));
        assertEquals("auth.failed", server.login("natsjob", "other", header, "127.0.0.1").expect(401).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"192.0.2.7", "10.0.0.1", "2001:db8::1", "0.0.0.0", "::ffff:192.0.2.7"})
    void the_default_password_is_refused_from_another_machine(String peer) throws UnknownHostException {
        assertEquals(403, statusFor(peer, DEFAULT));
        assertEquals(200, statusFor(peer, new WebOptions.Login("natsjob", "natsjob", false, 2, TestServer.KEY)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"})
    void every_loopback_address_is_this_machine(String peer) throws UnknownHostException {
        assertEquals(200, statusFor(peer, DEFAULT));
    }

    private int statusFor(String peer, WebOptions.Login login) throws UnknownHostException {
        Headers headers = new Headers();
        headers.set("Content-Type", "application/json");
        Head head = new Head("id", "POST", "/api/v1/login", null, headers, InetAddress.getByName(peer));
        byte[] body = "{\"user\":\"natsjob\",\"password\":\"natsjob\"}".getBytes(StandardCharsets.UTF_8);
        Endpoint.Handler handler = new SessionHandler(login, new Sessions(login, server.database, server.clock)).endpoints().stream()
                .filter(e -> e.pattern().endsWith("/login")).findFirst().orElseThrow().handler();
        try {
            return handler.handle(new Request(head, Map.of(), body, null)).status();
        } catch (Refusal refusal) {
            return refusal.problem().status();
        }
    }

    @Test
    void options_never_show_a_secret() {
        String text = new WebOptions("127.0.0.1", 0, DEFAULT, ZoneId.of("UTC"), "v", "app").toString();
        assertFalse(text.contains("password=natsjob") || text.contains("signingKey"), text);
    }
}
