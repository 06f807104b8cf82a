package io.natsjob.web;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.StoreException;
import io.natsjob.store.TokenTable;
import io.natsjob.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Tokens that were logged out, here or at another server: the latter is seen within {@link #KNOWN_GOOD_NANOS}, for a token is looked up in the
 * database when it was not for so long. While the database does not answer, what was known counts. Safe for all threads.
 */
final class Revoked {
    /** Logged-out tokens that are kept until they expire; further logouts are refused with 503. */
    static final int MAX = 100_000;
    static final long KNOWN_GOOD_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    /** Tokens whose last look is remembered; one more, and the one looked up longest ago is looked up anew. */
    static final int MAX_LOOKED_UP = 10_000;
    private static final Log LOG = Log.of("web");

    private final Database database;
    private final Clock clock;
    /** Token id to the time from which it is dead anyway. */
    private final Map<String, Long> dead = new ConcurrentHashMap<>();
    /** Token id to monotonic nanoseconds, oldest first. */
    private final Map<String, Long> lookedUp = new LinkedHashMap<>();

    Revoked(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Reads all, so that a restart does not bring one back to life, even without the database. */
    void load() {
        long now = clock.millis();
        // When each ends is not kept; a token may have been made while tokens lived longer, so none is forgotten before the next start.
        database.read(sql -> TokenTable.revoked(sql, now)).forEach(id -> dead.put(id, Long.MAX_VALUE));
    }

    boolean contains(Session session) {
        return dead.containsKey(session.tokenId()) || due(session.tokenId()) && lookUp(session);
    }

    /** The token is dead as soon as this returns, and stays so; at other servers within {@link #KNOWN_GOOD_NANOS}. */
    void add(Session session) {
        long now = clock.millis();
        dead.values().removeIf(expiresAt -> expiresAt <= now);
        if (dead.size() >= MAX) {
            throw Refusal.of(503, "logout.full", MAX + " tokens are logged out and not yet over: try again later");
        }
        Confirmed.repeatable(database, sql -> {
            TokenTable.deleteExpired(sql, now);
            TokenTable.revoke(sql, session.tokenId(), session.expiresAt());
            return null;
        });
        dead.put(session.tokenId(), session.expiresAt());
    }

    private boolean due(String id) {
        long now = clock.nanos();
        synchronized (lookedUp) {
            Long last = lookedUp.remove(id);
            boolean due = last == null || now - last >= KNOWN_GOOD_NANOS;
            lookedUp.put(id, due ? now : last);
            if (lookedUp.size() > MAX_LOOKED_UP) {
                lookedUp.remove(lookedUp.keySet().iterator().next());
            }
            return due;
        }
    }

    private boolean lookUp(Session session) {
        if (!database.up()) {
            return false;
        }
        try {
            boolean found = database.read(sql -> TokenTable.isRevoked(sql, session.tokenId()));
            if (found && dead.size() < MAX) {
                dead.put(session.tokenId(), session.expiresAt());
            }
            return found;
        } catch (StoreException e) {
            LOG.debug("whether a token was logged out at another server cannot be read now", "why", e.getMessage());
            return false;
        }
    }
}
