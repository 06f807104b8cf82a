package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;

/**
 * What an error means.
 *
 * @param kind     what the caller can make of it
 * @param words    why, and what to do
 * @param diskFull the server has no room left
 */
record Failure(Kind kind, String words, boolean diskFull) {
    static Failure unavailable(String words) {
        return new Failure(Kind.UNAVAILABLE, words, false);
    }

    static Failure rejected(String words) {
        return new Failure(Kind.REJECTED, words, false);
    }

    static Failure duplicate() {
        return new Failure(Kind.DUPLICATE, "a row with this key exists", false);
    }

    static Failure readOnly(FailurePlace at) {
        return unavailable(at.server() + " only reads (a replica, or a server in read-only mode): name the one that takes writes in NATSJOB_DB_URL");
    }

    static Failure tooOld(FailurePlace at) {
        String oldest = at.kind() == ServerKind.MYSQL ? "MySQL 8.0 or MariaDB 10.6" : "PostgreSQL 12";
        return rejected("the server does not know this SQL: it is older than " + oldest + ", or another product; use a newer one");
    }

    static Failure full() {
        return new Failure(Kind.UNAVAILABLE, "the server's disk is full: free space there", true);
    }

    static Failure crowded() {
        return unavailable("the server takes no more connections: end other programs, raise its limit, or lower NATSJOB_DB_CHAN_COUNT");
    }

    static Failure stopping() {
        return unavailable("the server is starting or stopping");
    }

    static Failure lostRace() {
        return unavailable("another transaction wanted the same rows");
    }

    static Failure slow() {
        return unavailable("it took longer than allowed and was stopped");
    }
}
