package io.natsjob.web;

import io.natsjob.store.Database;
import io.natsjob.store.TokenTable;
import io.natsjob.time.Clock;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Opens, finds and ends sessions. A session lives in its token alone; what is kept is the list of tokens that were logged out,
 * in the database and here. Another server's logout is seen at the next start only.
 */
final class Sessions {
    static final String COOKIE = "natsjob_session";
    /** A browser lets no foreign page set this header, so a write with the cookie and without it is not our page's. */
    static final String WRITE_HEADER = "X-Natsjob";
    /** Logged-out tokens that are kept until they expire; further logouts are refused with 503. */
    static final int MAX_REVOKED = 100_000;
    private static final int ID_BYTES = 16;
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final long lifeMillis;
    private final Database database;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Map<String, Long> revoked = new ConcurrentHashMap<>();

    record Opened(Session session, String token) {}

    Sessions(WebOptions.Login login, Database database, Clock clock) {
        this.tokens = new Tokens(login.signingKey());
        this.lifeMillis = login.tokenHours() * 3_600_000L;
        this.database = database;
        this.clock = clock;
    }

    /** Reads the revoked tokens, so that a restart does not bring one back to life. */
    void load() {
        long now = clock.millis();
        // When each ends is not kept; a token may have been made while tokens lived longer, so none is forgotten before the next start.
        database.read(sql -> TokenTable.revoked(sql, now)).forEach(id -> revoked.put(id, Long.MAX_VALUE));
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
        Session session = tokens.read(token, clock.millis()).filter(s -> !revoked.containsKey(s.tokenId()))
                .orElseThrow(() -> refused("the token is not valid or its time is over: log in again"));
        if (bearer.isEmpty() && !head.isRead() && head.header(WRITE_HEADER).isEmpty()) {
            throw Refusal.of(403, "auth.header", "a change by cookie needs the header " + WRITE_HEADER + ": 1");
        }
        return session;
    }

    /** The token is dead as soon as this returns, and stays so. */
    void end(Session session) {
        long now = clock.millis();
        revoked.values().removeIf(expiresAt -> expiresAt <= now);
        if (revoked.size() >= MAX_REVOKED) {
            throw Refusal.of(503, "logout.full", MAX_REVOKED + " tokens are logged out and not yet over: try again later");
        }
        Confirmed.repeatable(database, sql -> {
            TokenTable.deleteExpired(sql, now);
            TokenTable.revoke(sql, session.tokenId(), session.expiresAt());
            return null;
        });
        revoked.put(session.tokenId(), session.expiresAt());
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
