package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Session tokens: JWT with HS256 and nothing else. The header is compared as text, so no other algorithm can be named in it.
 * Says nothing about revocation.
 */
final class Tokens {
    private static final String ALGORITHM = "HmacSHA256";
    private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
    private static final Base64.Decoder DECODER = Base64.getUrlDecoder();
    private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
    private static final int MAX_CHARS = 4_096;

    private final SecretKeySpec key;

    /** @param key at least {@value WebOptions.Login#MIN_KEY_BYTES} bytes */
    Tokens(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    String sign(Session session) {
        JsonObject claims = new JsonObject()
                .add("sub", session.user())
                .add("jti", session.tokenId())
                .add("iat", session.issuedAt() / 1_000)
                .add("exp", session.expiresAt() / 1_000);
        String signed = HEADER + "." + encode(claims.toString());
        return signed + "." + ENCODER.encodeToString(mac(signed));
    }

    /** The session of a token that we signed and that is not over at {@code now} (epoch milliseconds). */
    Optional<Session> read(String token, long now) {
        int dot = token.lastIndexOf('.');
        if (token.length() > MAX_CHARS || dot < 0 || !token.startsWith(HEADER + ".")) {
            return Optional.empty();
        }
        try {
            String signed = token.substring(0, dot);
            if (!MessageDigest.isEqual(mac(signed), DECODER.decode(token.substring(dot + 1)))) {
                return Optional.empty();
            }
            String claims = new String(DECODER.decode(signed.substring(HEADER.length() + 1)), StandardCharsets.UTF_8);
            return session(Json.parseObject(claims)).filter(s -> now < s.expiresAt());
        } catch (IllegalArgumentException | JsonException e) {
            // not Base64, or signed by our key but not by this code: no session either way
            return Optional.empty();
        }
    }

    private static Optional<Session> session(JsonObject claims) {
        JsonValue user = Json.field(claims, "sub");
        JsonValue id = Json.field(claims, "jti");
        if (user == null || !user.isString() || id == null || !id.isString()) {
            return Optional.empty();
        }
        long issuedAt = Json.longValue(Json.field(claims, "iat"));
        long expiresAt = Json.longValue(Json.field(claims, "exp"));
        return Optional.of(new Session(user.asString(), id.asString(), issuedAt * 1_000, expiresAt * 1_000));
    }

    private byte[] mac(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    private static String encode(String json) {
        return ENCODER.encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }
}
