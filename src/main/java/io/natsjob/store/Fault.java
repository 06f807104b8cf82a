package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.sql.SQLException;

/**
 * What a database server's error means. The driver's own text is kept as the cause only: it may hold a row's values.
 *
 * @param reason plain words behind "cannot insert into natsjob_run: "
 * @param again  the transaction lost against another one and may be repeated at once
 * @param undone told at a commit, it surely did not happen
 */
record Fault(Kind kind, String reason, boolean again, boolean undone) {
    static final Fault DUPLICATE = new Fault(Kind.DUPLICATE, "a row with this key exists", false, true);
    static final Fault DEADLOCK = new Fault(Kind.UNAVAILABLE, "another transaction wanted the same rows", true, true);
    static final Fault SLOW = unavailable("it took longer than allowed and was stopped");
    static final Fault LOST = unavailable("the connection to the server was lost");
    static final Fault STOPPING = unavailable("the server is stopping or starting");
    static final Fault FULL = unavailable("the server's disk is full: free space there");
    static final Fault CROWDED = unavailable("the server takes no more connections: raise its limit (max_connections) or end other programs");
    static final Fault READ_ONLY = unavailable("the server only reads: name the one that takes writes (NATSJOB_DB_URL), or end its read-only mode");

    static Fault unavailable(String reason) {
        return new Fault(Kind.UNAVAILABLE, reason, false, false);
    }

    static Fault rejected(String reason) {
        return new Fault(Kind.REJECTED, reason, false, true);
    }

    /** By the SQLSTATE alone, as the standard has it. */
    static Fault ofState(SQLException error) {
        String state = error.getSQLState() == null ? "" : error.getSQLState();
        return switch (state) {
            case "23505" -> DUPLICATE;
            case "40001", "40P01" -> DEADLOCK;
            case "22001" -> rejected("a text is longer than its column");
            case "42501" -> rejected("the database user lacks the right for it: grant it all rights on the database");
            default -> state.startsWith("08") ? LOST : rejected("the server refused it (SQLSTATE " + (state.isEmpty() ? "none" : state) + ", code "
                    + error.getErrorCode() + ")");
        };
    }

    StoreException told(String what, SQLException error) {
        String message = "cannot " + what + ": " + reason;
        return again ? StoreException.lostRace(message, error) : new StoreException(kind, message, error);
    }
}
