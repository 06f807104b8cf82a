package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.web.TestServer.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodyTest extends WebCase {
    private static final String PATH = "/api/v1/jobs";

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "x", "{", "{\"a\":1", "{\"a\":1}}", "{'a':1}", "[]", "7", "null", "\"text\"", "{\"a\":NaN}"})
    void what_is_no_json_object_is_refused(String body) {
        Reply reply = server.sendBytes("POST", PATH, body.getBytes(StandardCharsets.UTF_8)).expect(400);
        assertEquals("body.invalid", reply.code(), reply.text());
    }

    @Test
    void broken_json_is_told_with_its_position() {
        assertTrue(server.post("jobs", "{\"name\": x}").expect(400).json().getString("detail", "").contains("position 9"));
    }

    @Test
    void bytes_that_are_not_utf_8_are_told_with_their_position() {
        byte[] body = "{\"name\":\"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1);
        Reply reply = server.sendBytes("POST", PATH, body).expect(400);
        assertEquals("body.invalid", reply.code());
        assertTrue(reply.json().getString("detail", "").contains("byte 12"), reply.text());
        assertEquals("body.invalid", server.sendBytes("POST", PATH, "{}".getBytes(Charset.forName("UTF-16"))).expect(400).code());
    }

    @ParameterizedTest
    @CsvSource({
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=iso-8859-1",
        "application/json;charset=\"utf-16\"",
        "application/jsonp",
        "application/problem+json"})
    void another_content_type_or_charset_is_refused(String type) {
        Reply reply = server.send("POST", PATH, TestServer.jobJson("owner").toString(), server.token, "Content-Type", type).expect(415);
        assertEquals("body.type", reply.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "Application/JSON;charset=UTF-8", "application/json; charset=\"utf-8\"; x=y"})
    void json_in_utf_8_is_taken(String type) {
        server.send("POST", PATH, TestServer.jobJson("owner").toString(), server.token, "Content-Type", type).expect(201);
    }

    @Test
    void a_body_of_a_megabyte_is_refused_and_the_answer_arrives() {
        String body = "{\"args\":\"" + "a".repeat(1024 * 1024) + "\"}";
        assertEquals("body.large", server.post("jobs", body).expect(413).code());
        server.get("jobs").expect(200);
    }

    @Test
    void a_body_at_the_limit_is_read() {
        String fill = "{\"comment\":\"\"}";
        String body = fill.replace("\"\"", '"' + "c".repeat(Body.MAX_BYTES - fill.length()) + '"');
        assertEquals(Body.MAX_BYTES, body.length());
        server.post("jobs", body).expect(400);
        server.post("jobs", body + " ").expect(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[", "{\"a\":"})
    void nesting_of_100000_levels_is_refused(String open) {
        Reply reply = server.post("jobs", open.repeat(100_000 / open.length() * (open.length() > 1 ? 2 : 1))).expect(400);
        assertEquals("body.invalid", reply.code());
    }

    @Test
    void a_sender_of_a_big_body_that_nobody_wants_can_end_it_and_read_the_answer() throws IOException {
        int size = 3 * 1024 * 1024;
        try (Socket socket = new Socket("127.0.0.1", server.web.address().getPort())) {
            OutputStream out = socket.getOutputStream();
            String head = "POST " + PATH + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: " + size + "\r\n\r\n";
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(new byte[size / 2]);
            // An answer now would be followed by a close in the middle of the body, whose reset can swallow the answer.
            socket.setSoTimeout(300);
            assertThrows(SocketTimeoutException.class, () -> socket.getInputStream().read());
            socket.setSoTimeout(10_000);
            out.write(new byte[size / 2]);
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 401".length());
            assertEquals("HTTP/1.1 401", new String(status, StandardCharsets.US_ASCII));
        }
    }
}
