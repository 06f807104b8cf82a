package io.natsjob.store;

/**
 * Which database.
 *
 * @param type            {@code sqlite}
 * @param url             for SQLite the path of the file; its folder is created
 * @param batchesInFlight most result batches at the same time, 1 to 100,000; SQLite uses 1 whatever it says
 */
public record StoreOptions(String type, String url, int batchesInFlight) {
    public static final int MAX_BATCHES_IN_FLIGHT = 100_000;

    public StoreOptions {
        if (!"sqlite".equals(type)) {
            throw new IllegalArgumentException("database type '" + type + "': expected sqlite");
        }
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("database url is empty: expected the path of a file, such as data/natsjob.db");
        }
        if (url.indexOf('?') >= 0 || url.indexOf('\0') >= 0 || url.startsWith(":") || url.startsWith("file:") || url.startsWith("jdbc:")) {
            throw new IllegalArgumentException("database url '" + url + "': expected the plain path of a file, such as data/natsjob.db, without '?'");
        }
        if (batchesInFlight < 1 || batchesInFlight > MAX_BATCHES_IN_FLIGHT) {
            throw new IllegalArgumentException("batches in flight " + batchesInFlight + ": expected 1 to " + MAX_BATCHES_IN_FLIGHT);
        }
    }
}
