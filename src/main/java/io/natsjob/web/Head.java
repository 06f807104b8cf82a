package io.natsjob.web;

import com.sun.net.httpserver.Headers;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * A request before its body.
 *
 * @param id      made by the server, for log and problem
 * @param path    raw (percent-encoded), without the prefix {@code /natsjob}
 * @param query   raw, or null
 * @param peer    who connected: a proxy's address behind a proxy
 */
record Head(String id, String method, String path, String query, Headers headers, InetAddress peer) {
    static final String PREFIX = "/natsjob";
    private static final List<String> FORWARDING = List.of("X-Forwarded-For", "X-Real-IP", "Forwarded");

    Head {
        if (path.startsWith(PREFIX + "/")) {
            path = path.substring(PREFIX.length());
        }
    }

    Optional<String> header(String name) {
        return Optional.ofNullable(headers.getFirst(name));
    }

    boolean isRead() {
        return method.equals("GET") || method.equals("HEAD");
    }

    /** Whether the user sits at this machine: a proxy on this machine makes everybody look so, hence its headers count against it. */
    boolean fromThisMachine() {
        return peer.isLoopbackAddress() && FORWARDING.stream().noneMatch(headers::containsKey);
    }
}
