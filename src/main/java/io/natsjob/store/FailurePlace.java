package io.natsjob.store;

import java.util.Set;

/**
 * The names that the words of a failure use.
 *
 * @param tlsDemanded whether NATSJOB_DB_URL demands TLS
 */
record FailurePlace(ServerKind kind, String server, String database, String user, boolean tlsDemanded) {
    private static final Set<String> DEMANDS = Set.of("REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY", "require", "verify-ca", "verify-full");

    static FailurePlace of(DatabaseAddress address) {
        String server = String.join(",", address.hosts().stream().map(ServerHost::toString).toList());
        return new FailurePlace(address.type(), server, address.database().isEmpty() ? "natsjob" : address.database(), address.login().user(),
                address.options().values().stream().anyMatch(DEMANDS::contains));
    }

    /** For words without an address. */
    static FailurePlace of(ServerKind kind) {
        return new FailurePlace(kind, "the host of NATSJOB_DB_URL", "natsjob", "the user of NATSJOB_DB_URL", false);
    }
}
