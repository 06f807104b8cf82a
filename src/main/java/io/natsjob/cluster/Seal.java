package io.natsjob.cluster;

import io.natsjob.protocol.Envelope;
import io.natsjob.time.Clock;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what servers of one database say to each other, and opens only what was sealed with the same key, within {@link #WINDOW_MILLIS},
 * and for the first time (docs/rules.md 37). Safe for all threads.
 */
public final class Seal {
    /** An envelope that is older, or this much from the future, does not count. */
    static final long WINDOW_MILLIS = 30_000;
    /** Requests of the last two windows, 1,600 a second, for each page that a follower shows asks too; more are refused until the oldest have left. */
    static final int MAX_NONCES = 100_000;
    private static final String ALGORITHM = "HmacSHA256";
    private static final String REQUEST = "natsjob request";
    private static final String REPLY = "natsjob reply";
    private static final int NONCE_BYTES = 16;

    private final SecretKeySpec key;
    private final String serverId;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    /** Nonce to the moment from which it may be forgotten, oldest first. */
    private final Map<String, Long> seen = new LinkedHashMap<>();

    /** @param key shared by the servers of one database */
    public Seal(byte[] key, String serverId, Clock clock) {
        this.key = new SecretKeySpec(key, ALGORITHM);
        this.serverId = serverId;
        this.clock = clock;
    }

    Envelope request(long term, String body) {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return sealed(REQUEST, new Envelope(serverId, term, clock.millis(), HexFormat.of().formatHex(nonce), body, new byte[0]));
    }

    Envelope reply(Envelope request, long term, String body) {
        return sealed(REPLY, new Envelope(serverId, term, clock.millis(), request.nonce(), body, new byte[0]));
    }

    /** The request, once; nothing where it is not ours, too old, or was opened before. */
    Optional<Envelope> openRequest(byte[] payload) {
        return Envelope.parse(payload).filter(request -> genuine(REQUEST, request) && first(request.nonce()));
    }

    /** The reply to {@code request}. */
    Optional<Envelope> openReply(byte[] payload, Envelope request) {
        return Envelope.parse(payload).filter(reply -> reply.nonce().equals(request.nonce()) && genuine(REPLY, reply));
    }

    private Envelope sealed(String purpose, Envelope open) {
        return open.sealed(mac(open.sealedBytes(purpose)));
    }

    private boolean genuine(String purpose, Envelope envelope) {
        return Math.abs(clock.millis() - envelope.at()) <= WINDOW_MILLIS && MessageDigest.isEqual(mac(envelope.sealedBytes(purpose)), envelope.seal());
    }

    private synchronized boolean first(String nonce) {
        long now = clock.millis();
        Iterator<Long> oldest = seen.values().iterator();
        while (oldest.hasNext() && oldest.next() < now) {
            oldest.remove();
        }
        // One from the future stays valid for two windows.
        return seen.size() < MAX_NONCES && seen.putIfAbsent(nonce, now + 2 * WINDOW_MILLIS) == null;
    }

    private byte[] mac(byte[] bytes) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + ALGORITHM, e);
        }
    }
}
