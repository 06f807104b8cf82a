package io.natsjob.web;

/**
 * The limits of the JDK's HTTP server. It reads them from system properties once, when its first class is loaded; times are in
 * seconds. A property that is set already, on the command line, stays.
 */
final class HttpSettings {
    /** From the first byte of a request to its last; then the connection is closed without an answer. */
    static final String MAX_REQUEST_SECONDS = "sun.net.httpserver.maxReqTime";

    private HttpSettings() {}

    static void apply() {
        // else each answer waits for the delayed acknowledgement of its headers, 40 ms on Linux
        set("sun.net.httpserver.nodelay", "true");
        set(MAX_REQUEST_SECONDS, "15");
        // a client that does not read its answer; above the 30 s that a write may wait in the database's queue
        set("sun.net.httpserver.maxRspTime", "300");
        set("sun.net.httpserver.idleInterval", "60");
        set("sun.net.httpserver.maxIdleConnections", "500");
        set("sun.net.httpserver.maxReqHeaders", "100");
        set("sun.net.httpserver.maxReqHeaderSize", "32768");
        // further connections are closed at once; one that asks nothing is closed after the time of a request, 15 to 25 s
        set("jdk.httpserver.maxConnections", "5000");
    }

    private static void set(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
