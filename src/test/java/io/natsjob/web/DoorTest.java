package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.web.TestServer.Reply;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DoorTest extends WebCase {
    private static final Map<String, String> HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "Cache-Control", "no-store");

    private static void secured(Reply reply) {
        HEADERS.forEach((name, value) -> assertEquals(value, reply.header(name), reply.toString()));
        assertNotNull(reply.header("X-Request-Id"));
        if (reply.status() != 204) {
            assertTrue(reply.header("Content-Type").endsWith("; charset=utf-8"), reply.toString());
        }
    }

    @Test
    void every_route_but_login_and_health_refuses_without_a_session() {
        List<String> open = List.of("/livez", "/readyz", "/api/v1/login");
        assertEquals(36, server.web.endpoints().size());
        for (Endpoint endpoint : server.web.endpoints()) {
            String path = endpoint.pattern().replace("{id}", "1");
            Reply reply = server.send(endpoint.method(), path, "{}", null);
            secured(reply);
            if (open.contains(endpoint.pattern())) {
                assertFalse("auth.required".equals(reply.code()), endpoint.toString());
            } else {
                assertEquals("auth.required", reply.expect(401).code(), endpoint.toString());
                assertEquals("Bearer", reply.header("WWW-Authenticate"));
            }
        }
    }

    @Test
    void the_same_routes_answer_with_and_without_the_prefix() {
        for (String prefix : List.of("", "/natsjob")) {
            server.send("GET", prefix + "/livez", null, null).expect(200);
            server.send("GET", prefix + "/readyz", null, null).expect(200);
            server.send("GET", prefix + "/api/v1/jobs", null, server.token).expect(200);
        }
        server.send("GET", "/natsjob/natsjob/livez", null, null).expect(404);
        server.send("GET", "/natsjoblivez", null, null).expect(404);
    }

    @Test
    void an_unknown_address_is_a_problem_of_our_form() {
        for (String path : List.of("/", "/api/v1", "/api/v1/", "/api/v1/jobs/", "/api/v1/nothing", "/api/v2/jobs", "/livez/x")) {
            Reply reply = server.send("GET", path, null, server.token).expect(404);
            assertEquals("not.found", reply.code(), path);
            assertEquals("application/problem+json; charset=utf-8", reply.header("Content-Type"));
            assertEquals(reply.header("X-Request-Id"), reply.json().getString("requestId", ""));
            assertEquals(404, reply.json().getInt("status", 0));
            secured(reply);
        }
    }

    @Test
    void another_method_is_told_which_there_are() {
        Reply reply = server.send("DELETE", "/api/v1/jobs", null, server.token).expect(405);
        assertEquals("GET, HEAD, OPTIONS, POST", reply.header("Allow"));
        assertEquals("method.invalid", reply.code());
        assertEquals("DELETE, GET, HEAD, OPTIONS, PATCH, PUT", server.send("POST", "/api/v1/jobs/1", "{}", server.token).expect(405).header("Allow"));
        assertEquals("OPTIONS, POST", server.send("GET", "/api/v1/login", null, null).expect(405).header("Allow"));
    }

    @Test
    void head_answers_as_get_without_a_body() {
        Reply reply = server.send("HEAD", "/api/v1/jobs", null, server.token).expect(200);
        secured(reply);
        assertEquals("", reply.text());
        assertEquals(Integer.toString(server.get("jobs").text().length()), reply.header("Content-Length"));
        server.send("HEAD", "/api/v1/jobs", null, null).expect(401);
    }

    @Test
    void options_names_the_methods_and_lets_no_other_origin_in() {
        Reply reply = server.send("OPTIONS", "/api/v1/jobs", null, null, "Origin", "https://elsewhere.example", "Access-Control-Request-Method", "POST");
        assertEquals("GET, HEAD, OPTIONS, POST", reply.expect(204).header("Allow"));
        assertNull(reply.header("Access-Control-Allow-Origin"));
        secured(reply);
        server.send("OPTIONS", "/api/v1/nothing", null, null).expect(404);
    }

    @Test
    void every_kind_of_answer_has_the_security_headers() {
        String id = server.job("owner").getString("id", "");
        secured(server.post("jobs", "x").expect(400));
        secured(server.post("jobs", "x".repeat(Body.MAX_BYTES + 1)).expect(413));
        secured(server.send("POST", "/api/v1/jobs", "{}", server.token, "Content-Type", "text/plain").expect(415));
        secured(server.post("jobs", TestServer.jobJson("owner").toString()).expect(409));
        secured(server.get("jobs/" + id).expect(200));
        secured(server.delete("jobs/" + id).expect(204));
    }

    @Test
    void an_unknown_failure_shows_nothing_of_the_inside() {
        server.engine.nats = null;
        Reply reply = server.get("info").expect(500);
        assertEquals("internal", reply.code());
        assertFalse(reply.text().contains("Exception") || reply.text().contains("natsjob.web"), reply.text());
        secured(reply);
        server.get("jobs").expect(200);
    }

    @Test
    void a_sender_that_is_too_slow_is_cut_off() throws IOException {
        int limitSeconds = Integer.getInteger(HttpSettings.MAX_REQUEST_SECONDS);
        try (Socket socket = new Socket("127.0.0.1", server.web.address().getPort())) {
            socket.setSoTimeout((limitSeconds + 10) * 1_000);
            socket.getOutputStream().write(("POST /api/v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
                    .getBytes(StandardCharsets.US_ASCII));
            assertEquals(-1, endOf(socket));
        }
        server.get("jobs").expect(200);
    }

    @Test
    void a_head_that_never_ends_is_cut_off() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", server.web.address().getPort())) {
            socket.setSoTimeout(20_000);
            StringBuilder head = new StringBuilder("GET /livez HTTP/1.1\r\n");
            for (int i = 0; i < 2_000; i++) {
                head.append("X-").append(i).append(": ").append("x".repeat(20)).append("\r\n");
            }
            try {
                socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.US_ASCII));
            } catch (SocketException e) {
                // cut off while still sending: what is asked for
            }
            assertEquals(-1, endOf(socket));
        }
    }

    /** A reset is an end too: the peer closed with our bytes unread. */
    private static int endOf(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read();
        } catch (SocketException e) {
            return -1;
        }
    }
}
