package io.natsjob.web;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Finds the endpoint of a request in the route table. A literal segment goes before a parameter. */
final class Router {
    private final List<Compiled> table;
    private final List<Endpoint> endpoints;

    record Match(Endpoint endpoint, Map<String, String> path) {}

    private record Compiled(Endpoint endpoint, String[] segments) {
        static Compiled of(Endpoint endpoint) {
            return new Compiled(endpoint, endpoint.pattern().split("/", -1));
        }

        long parameters() {
            return List.of(segments).stream().filter(Router::isParameter).count();
        }

        Optional<Map<String, String>> match(String[] path) {
            if (path.length != segments.length) {
                return Optional.empty();
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 0; i < path.length; i++) {
                if (isParameter(segments[i])) {
                    values.put(segments[i].substring(1, segments[i].length() - 1), path[i]);
                } else if (!segments[i].equals(path[i])) {
                    return Optional.empty();
                }
            }
            return Optional.of(values);
        }
    }

    Router(List<Endpoint> endpoints) {
        this.endpoints = List.copyOf(endpoints);
        this.table = endpoints.stream().map(Compiled::of).sorted(Comparator.comparingLong(Compiled::parameters)).toList();
    }

    /** The route table as it was given. */
    List<Endpoint> endpoints() {
        return endpoints;
    }

    /**
     * The endpoint for this method and path; HEAD is answered as GET.
     *
     * @throws Refusal 404, or 405 with {@code Allow}
     */
    Match match(String method, String path) {
        String[] segments = decoded(path);
        String wanted = method.equals("HEAD") ? "GET" : method;
        boolean known = false;
        for (Compiled row : table) {
            Optional<Map<String, String>> values = row.match(segments);
            known |= values.isPresent();
            if (values.isPresent() && row.endpoint().method().equals(wanted)) {
                return new Match(row.endpoint(), values.get());
            }
        }
        if (known) {
            throw Refusal.of(405, "method.invalid", "this address takes " + allowed(path)).with("Allow", allowed(path));
        }
        throw Refusal.notFound("address", path);
    }

    /** The methods of a path, comma-separated; empty where nothing answers there. */
    String allowed(String path) {
        String[] segments = decoded(path);
        TreeSet<String> methods = new TreeSet<>();
        for (Compiled row : table) {
            if (row.match(segments).isPresent()) {
                methods.add(row.endpoint().method());
            }
        }
        if (methods.contains("GET")) {
            methods.add("HEAD");
        }
        if (!methods.isEmpty()) {
            methods.add("OPTIONS");
        }
        return String.join(", ", methods);
    }

    private static boolean isParameter(String segment) {
        return segment.startsWith("{");
    }

    /** Split first, then decoded, so that an encoded slash stays inside its segment. */
    private static String[] decoded(String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : path.split("/", -1)) {
            // A plus sign is itself in a path; URLDecoder would make a blank of it.
            segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        return segments.toArray(String[]::new);
    }
}
