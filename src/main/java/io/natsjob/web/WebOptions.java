package io.natsjob.web;

import java.time.ZoneId;
import java.util.Objects;

/**
 * What the web server is told at start.
 *
 * @param bind      address to listen on; {@code 0.0.0.0} or {@code ::} for all
 * @param port      TCP port; 0 takes a free one
 * @param login     who may log in
 * @param zone      the server's zone: of jobs without a zone, and of previews
 * @param version   shown in {@code info}
 * @param namespace the value of NATSJOB_NAMESPACE, shown in {@code info}
 */
public record WebOptions(String bind, int port, Login login, ZoneId zone, String version, String namespace) {
    public WebOptions {
        Objects.requireNonNull(bind, "bind");
        Objects.requireNonNull(login, "login");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(version, "version");
        Objects.requireNonNull(namespace, "namespace");
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ": expected 0 to 65535");
        }
    }

    /**
     * The one login and its tokens.
     *
     * @param defaultPassword true while no password was set: then only this machine may log in
     * @param tokenHours      how long a token lives
     * @param signingKey      of the tokens, at least 32 bytes; the same on all servers of a group
     */
    public record Login(String user, String password, boolean defaultPassword, int tokenHours, byte[] signingKey) {
        public static final int MIN_KEY_BYTES = 32;
        public static final int MAX_TOKEN_HOURS = 24 * 366;

        public Login {
            Objects.requireNonNull(user, "user");
            Objects.requireNonNull(password, "password");
            if (tokenHours < 1 || tokenHours > MAX_TOKEN_HOURS) {
                throw new IllegalArgumentException("token hours " + tokenHours + ": expected 1 to " + MAX_TOKEN_HOURS);
            }
            if (signingKey.length < MIN_KEY_BYTES) {
                throw new IllegalArgumentException("signing key of " + signingKey.length + " bytes: expected at least " + MIN_KEY_BYTES);
            }
            signingKey = signingKey.clone();
        }

        @Override
        public byte[] signingKey() {
            return signingKey.clone();
        }

        /** Without password and key, since records end up in logs. */
        @Override
        public String toString() {
            return "Login[user=" + user + ", defaultPassword=" + defaultPassword + ", tokenHours=" + tokenHours + "]";
        }
    }
}
