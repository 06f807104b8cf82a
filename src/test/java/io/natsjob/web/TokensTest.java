package io.natsjob.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
    private static final byte[] KEY = TestServer.KEY;
    private static final Session SESSION = new Session("ann", "id-1", 1_000_000, 2_000_000);
    private static final String CLAIMS = "{\"sub\":\"ann\",\"jti\":\"id-1\",\"iat\":1000,\"exp\":2000}";
    private static final String HEADER = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
    private final Tokens tokens = new Tokens(KEY);

    private static String encode(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String encode(String text) {
        return encode(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String signed(String header, String claims, byte[] key, String algorithm) {
        try {
            Mac mac = Mac.getInstance(algorithm);
            mac.init(new SecretKeySpec(key, algorithm));
            String text = encode(header) + "." + encode(claims);
            return text + "." + encode(mac.doFinal(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_token_of_ours_is_a_jwt_like_any_other() {
        assertEquals(signed(HEADER, CLAIMS, KEY, "HmacSHA256"), tokens.sign(SESSION));
        assertEquals(Optional.of(SESSION), tokens.read(tokens.sign(SESSION), 1_999_999));
    }

    @Test
    void a_token_whose_time_is_over_is_none() {
        assertEquals(Optional.empty(), tokens.read(tokens.sign(SESSION), 2_000_000));
    }

    @Test
    void no_other_algorithm_counts() {
        String none = encode("{\"alg\":\"none\",\"typ\":\"JWT\"}") + "." + encode(CLAIMS) + ".";
        assertEquals(Optional.empty(), tokens.read(none, 0));
        assertEquals(Optional.empty(), tokens.read(encode(HEADER) + "." + encode(CLAIMS) + ".", 0));
        assertEquals(Optional.empty(), tokens.read(signed("{\"alg\":\"HS512\",\"typ\":\"JWT\"}", CLAIMS, KEY, "HmacSHA512"), 0));
        assertEquals(Optional.empty(), tokens.read(signed("{\"alg\":\"none\",\"typ\":\"JWT\"}", CLAIMS, KEY, "HmacSHA256"), 0));
        assertEquals(Optional.empty(), tokens.read(signed("{\"typ\":\"JWT\",\"alg\":\"HS256\"}", CLAIMS, KEY, "HmacSHA256"), 0));
    }

    @Test
    void another_key_does_not_count() {
        byte[] other = KEY.clone();
        other[0]++;
        assertEquals(Optional.empty(), tokens.read(signed(HEADER, CLAIMS, other, "HmacSHA256"), 0));
    }

    @Test
    void no_character_of_a_token_can_be_changed() {
        String token = tokens.sign(SESSION);
        for (int i = 0; i < token.length() - 1; i++) {
            char other = token.charAt(i) == 'A' ? 'B' : 'A';
            String changed = token.substring(0, i) + other + token.substring(i + 1);
            assertEquals(Optional.empty(), tokens.read(changed, 0), "at " + i);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"sub\":\"ann\",\"jti\":\"x\",\"iat\":1}", "{\"sub\":\"ann\",\"jti\":\"x\",\"iat\":1,\"exp\":\"9\"}",
        "{\"sub\":1,\"jti\":\"x\",\"iat\":1,\"exp\":9000}", "{\"sub\":\"ann\",\"iat\":1,\"exp\":9000}", "[]", "x"})
    void claims_that_lack_something_do_not_count(String claims) {
        assertEquals(Optional.empty(), tokens.read(signed(HEADER, claims, KEY, "HmacSHA256"), 0));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "..", "...", "a.b.c", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.",
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9..", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.***.***"})
    void rubbish_is_no_token(String token) {
        assertEquals(Optional.empty(), tokens.read(token, 0));
    }

    @Test
    void a_short_key_is_refused() {
        assertThrows(IllegalArgumentException.class, () -> new WebOptions.Login("u", "p", false, 2, new byte[31]));
    }
}
