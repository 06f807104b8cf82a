package io.natsjob.config;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Secrets that everybody knows, because the original wrote them into every configuration file. They count as not set wherever
 * they stand, so an upgrade in place starts, and nobody logs in from afar with them.
 */
final class PublishedDefaults {
    static final String PASSWORD = "natsjob";
    static final int KEY_MIN_BYTES = 32;

    /** Of the published key's bytes; the key itself need not stand in one more place. */
    static final String KEY_SHA256 = "b532ce0ba2cc0998d4d2bfbe27f658bfcc01734bc6248fc0cdd825fb060ffcd7";

    private PublishedDefaults() {}

    /** Why a text given for a setting counts as not set, or null where it counts. */
    static String reason(Setting<?> setting, String text) {
        if (setting == Setting.LOGIN_PWD && text.equals(PASSWORD)) {
            return "the password that everybody knows";
        }
        if (setting != Setting.SECRET_KEY) {
            return null;
        }
        return keyReason(text.getBytes(StandardCharsets.UTF_8), KEY_SHA256);
    }

    static String keyReason(byte[] key, String publishedSha256) {
        if (key.length < KEY_MIN_BYTES) {
            return "shorter than " + KEY_MIN_BYTES + " bytes";
        }
        return sha256(key).equals(publishedSha256) ? "the published key that stands in every old configuration file" : null;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
