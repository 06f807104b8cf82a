package io.natsjob.store;

/** The names that the words of a failure use. */
record FailurePlace(ServerKind kind, String server, String database, String user) {
    static FailurePlace of(DatabaseAddress address) {
        String server = String.join(",", address.hosts().stream().map(ServerHost::toString).toList());
        return new FailurePlace(address.type(), server, address.database().isEmpty() ? "natsjob" : address.database(), address.login().user());
    }

    /** For words without an address. */
    static FailurePlace of(ServerKind kind) {
        return new FailurePlace(kind, "the host of NATSJOB_DB_URL", "natsjob", "the user of NATSJOB_DB_URL");
    }
}
