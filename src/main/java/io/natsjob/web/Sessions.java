package io.natsjob.web;

import io.natsjob.store.Database;
import io.natsjob.time.Clock;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Opens, finds and ends sessions. A session lives in its token alone; what is kept is the list of those that were logged out,
 * see {@link Revoked}.
 */
final class Sessions {
    static final String COOKIE = "natsjob_session";
    /** A browser lets no foreign page set this header, so a write with the cookie and without it is not our page's. */
    static final String WRITE_HEADER = "X-Natsjob";
    private static final int ID_BYTES = 16;
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final long lifeMillis;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Revoked revoked;

    record Opened(Session session, String token) {}

    Sessions(WebOptions.Login login, Database database, Clock clock) {
        this.tokens = new Tokens(login.signingKey());
        this.lifeMillis = login.tokenHours() * 3_600_000L;
        this.revoked = new Revoked(database, clock);
        this.clock = clock;
    }

    /** To be called before the first request. */
    void load() {
        revoked.load();
    }

    Opened open(String user) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        long now = clock.millis() / 1_000 * 1_000;
        Session session = new Session(user, HexFormat.of().formatHex(id), now, now + lifeMillis);
        return new Opened(session, tokens.sign(session));
    }

    /**
     * The session of a request.
     *
     * @throws Refusal 401 without a living token; 403 for a write by cookie without {@link #WRITE_HEADER}
     */
    Session require(Head head) {
        Optional<String> bearer = head.header("Authorization").filter(h -> h.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(h -> h.substring(BEARER.length()).trim());
        String token = bearer.or(() -> cookie(head)).orElseThrow(() -> refused("log in first: POST login answers a token"));
        Session session = tokens.read(token, clock.millis()).filter(s -> !revoked.contains(s))
                .orElseThrow(() -> refused("the token is not valid or its time is over: log in again"));
        if (bearer.isEmpty() && !head.isRead() && head.header(WRITE_HEADER).isEmpty()) {
            throw Refusal.of(403, "auth.header", "a change by cookie needs the header " + WRITE_HEADER + ": 1");
        }
        return session;
    }

    /** The token is dead as soon as this returns, and stays so; at other servers within a second. */
    void end(Session session) {
        revoked.add(session);
    }

    private static Optional<String> cookie(Head head) {
        for (String cookies : head.headers().getOrDefault("Cookie", List.of())) {
            for (String cookie : cookies.split(";")) {
                String text = cookie.trim();
                if (text.startsWith(COOKIE + "=")) {
                    return Optional.of(text.substring(COOKIE.length() + 1));
                }
            }
        }
        return Optional.empty();
    }

    private static Refusal refused(String detail) {
        return Refusal.of(401, "auth.required", detail).with("WWW-Authenticate", "Bearer");
    }
}
