package io.natsjob.store;

import java.util.Set;

/**
 * Which database.
 *
 * @param type            {@code sqlite}, {@code mysql} (MariaDB too), {@code postgres} or {@code dm}
 * @param url             for SQLite the path of the file, whose folder is created; else what {@link DatabaseAddress#parse} reads
 * @param batchesInFlight most result batches at the same time, 1 to 100,000; SQLite uses 1 whatever it says
 */
public record StoreOptions(String type, String url, int batchesInFlight) {
    static final String SQLITE = "sqlite";
    private static final Set<String> TYPES = Set.of(SQLITE, "mysql", "postgres", "dm");
    public static final int MAX_BATCHES_IN_FLIGHT = 100_000;

    public StoreOptions {
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException("database type '" + type + "': expected sqlite, mysql, postgres or dm");
        }
        if (url == null || url.isBlank()) {
            throw new IllegalArgumentException("database url is empty: expected the path of a file, such as data/natsjob.db, or the address of a server");
        }
        if (type.equals(SQLITE)) {
            requirePath(url);
        }
        if (batchesInFlight < 1 || batchesInFlight > MAX_BATCHES_IN_FLIGHT) {
            throw new IllegalArgumentException("batches in flight " + batchesInFlight + ": expected 1 to " + MAX_BATCHES_IN_FLIGHT);
        }
    }

    private static void requirePath(String url) {
        if (url.indexOf('?') >= 0 || url.indexOf('\0') >= 0 || url.startsWith(":") || url.startsWith("file:") || url.startsWith("jdbc:")) {
            throw new IllegalArgumentException("database url '" + url + "': expected the plain path of a file, such as data/natsjob.db, without '?'");
        }
    }

    /** The URL of a server holds a password. */
    @Override
    public String toString() {
        return "StoreOptions[type=" + type + ", batchesInFlight=" + batchesInFlight + "]";
    }
}
