package io.natsjob.web;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.natsjob.log.Log;
import java.io.IOException;
import java.net.URI;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Where every request comes in and every answer goes out: route, session, body, handler; problems and security headers. */
final class Door implements HttpHandler {
    /** Requests at the same time; further ones get 503. A body takes up to {@value Body#MAX_BYTES} bytes of memory. */
    static final int MAX_REQUESTS = 512;
    private static final Log LOG = Log.of("web");
    private static final Map<String, String> SECURITY_HEADERS = Map.of(
            "Content-Security-Policy", "default-src 'self'; frame-ancestors 'none'",
            "X-Content-Type-Options", "nosniff",
            "X-Frame-Options", "DENY",
            "Referrer-Policy", "no-referrer",
            "Cache-Control", "no-store");

    private final Router router;
    private final Sessions sessions;
    private final Semaphore places = new Semaphore(MAX_REQUESTS);

    Door(Router router, Sessions sessions) {
        this.router = router;
        this.sessions = sessions;
    }

    @Override
    public void handle(HttpExchange exchange) {
        Head head = head(exchange);
        boolean placed = places.tryAcquire();
        try (exchange) {
            send(exchange, head, placed ? answered(exchange, head) : busy(head));
        } catch (IOException e) {
            // gone or too slow: there is nobody to tell
            LOG.debug("request broken off", "requestId", head.id(), "method", head.method(), "path", head.path(), "reason", e.toString());
        } finally {
            if (placed) {
                places.release();
            }
        }
    }

    /** Lets no further request in and waits for those inside; answers whether all are through. */
    boolean close(long millis) throws InterruptedException {
        return places.tryAcquire(MAX_REQUESTS, millis, TimeUnit.MILLISECONDS);
    }

    private static Head head(HttpExchange exchange) {
        String id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
        URI uri = exchange.getRequestURI();
        return new Head(id, exchange.getRequestMethod(), uri.getRawPath(), uri.getRawQuery(), exchange.getRequestHeaders(),
                exchange.getRemoteAddress().getAddress());
    }

    private Answer answered(HttpExchange exchange, Head head) throws IOException {
        try {
            return handled(exchange, head);
        } catch (Refusal refusal) {
            return Answer.problem(refusal.problem(), head.id()).with(refusal.headers());
        } catch (RuntimeException | Error e) {
            // An error too must end in an answer: the JDK's server would leave the connection open for ever.
            return Answer.problem(Failures.problem(e, head), head.id());
        }
    }

    private static Answer busy(Head head) {
        return Answer.problem(Problem.of(503, "server.busy", "too many requests at the same time, or the server is stopping"), head.id())
                .with(Map.of("Retry-After", "1"));
    }

    private Answer handled(HttpExchange exchange, Head head) throws IOException {
        if (head.method().equals("OPTIONS")) {
            return options(head);
        }
        Router.Match match = router.match(head.method(), head.path());
        Session session = match.endpoint().access() == Endpoint.Access.OPEN ? null : sessions.require(head);
        byte[] body = Body.read(exchange.getRequestBody());
        return match.endpoint().handler().handle(new Request(head, match.path(), body, session));
    }

    /** What may be asked here; nothing for other origins, since no page of theirs may use this API. */
    private Answer options(Head head) {
        String allowed = router.allowed(head.path());
        if (allowed.isEmpty()) {
            throw Refusal.notFound("address", head.path());
        }
        return Answer.noContent().with(Map.of("Allow", allowed));
    }

    private static void send(HttpExchange exchange, Head head, Answer answer) throws IOException {
        boolean readToEnd = Body.discard(exchange.getRequestBody());
        Headers headers = exchange.getResponseHeaders();
        SECURITY_HEADERS.forEach(headers::set);
        headers.set("X-Request-Id", head.id());
        answer.headers().forEach(headers::set);
        if (!readToEnd) {
            headers.set("Connection", "close");
        }
        byte[] body = answer.body();
        if (head.method().equals("HEAD")) {
            headers.set("Content-Length", Integer.toString(body.length));
        }
        boolean empty = body.length == 0 || head.method().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), empty ? -1 : body.length);
        if (!empty) {
            exchange.getResponseBody().write(body);
        }
    }
}
