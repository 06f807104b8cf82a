package io.natsjob.config;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Where NATS is and how to log in. One login serves all servers.
 *
 * @param servers {@code nats://host:port} or {@code tls://host:port}, at least one, never with a login in it
 * @param tls whether every connection must be encrypted
 * @param user name to log in with, or null
 * @param password goes with {@code user}, or null
 * @param token instead of user and password, or null
 */
public record NatsOptions(List<String> servers, boolean tls, String user, Secret password, Secret token) {
    public NatsOptions {
        servers = List.copyOf(servers);
    }

    /** The URL without the password or token, for people. */
    public String shown() {
        String login = token != null ? "***@" : user != null ? user + (password != null ? ":***@" : "@") : "";
        return servers.stream().map(server -> server.replace("://", "://" + login)).collect(Collectors.joining(","));
    }

    @Override
    public String toString() {
        return "NatsOptions[" + shown() + "]";
    }
}
