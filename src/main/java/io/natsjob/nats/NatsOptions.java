package io.natsjob.nats;

import java.util.List;

/**
 * How to reach NATS. Either user and password, or a token, or neither.
 *
 * @param servers  {@code nats://host:port} or {@code tls://host:port}, at least one, tried in this order; without a login
 * @param user     or null
 * @param password or null
 * @param token    or null
 * @param name     what the NATS server shows as this client's name
 */
public record NatsOptions(List<String> servers, String user, String password, String token, String name) {
    /** @throws IllegalArgumentException where there is no server, or one holds a login; the message does not repeat it */
    public NatsOptions {
        servers = List.copyOf(servers);
        if (servers.isEmpty()) {
            throw new IllegalArgumentException("servers: at least one, as nats://host:port");
        }
        if (servers.stream().anyMatch(s -> s.indexOf('@') >= 0)) {
            throw new IllegalArgumentException("servers: must not hold a login; user, password and token have their own fields");
        }
    }

    /** Without the secrets. */
    @Override
    public String toString() {
        return "NatsOptions[servers=" + servers + ", user=" + user + ", password=" + masked(password) + ", token=" + masked(token)
                + ", name=" + name + "]";
    }

    private static String masked(String secret) {
        return secret == null ? "none" : "***";
    }
}
