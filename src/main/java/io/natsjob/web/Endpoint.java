package io.natsjob.web;

/**
 * One row of the route table.
 *
 * @param pattern such as {@code /api/v1/jobs/{id}}; a part in braces matches one path segment
 */
record Endpoint(String method, String pattern, Access access, Handler handler) {
    static final String API = "/api/v1/";

    enum Access { OPEN, SESSION }

    @FunctionalInterface
    interface Handler {
        Answer handle(Request request);
    }

    /** A route of the API that needs a session. */
    static Endpoint api(String method, String path, Handler handler) {
        return new Endpoint(method, API + path, Access.SESSION, handler);
    }

    /** A route that answers anybody. */
    static Endpoint open(String method, String pattern, Handler handler) {
        return new Endpoint(method, pattern, Access.OPEN, handler);
    }
}
