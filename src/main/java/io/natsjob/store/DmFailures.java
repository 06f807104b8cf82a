package io.natsjob.store;

import java.util.Optional;

/** Errors of Dameng by the numbers that its driver names. Never seen of a server. */
final class DmFailures {
    private DmFailures() {}

    /** Empty for a number that is not known. */
    static Optional<Failure> of(FailurePlace at, int code) {
        Failure failure = switch (code) {
            case -2501, -6015 -> Failure.unavailable("wrong user or password: check NATSJOB_DB_URL; too many wrong ones lock the user for a while");
            case -2512, -2101, -7017 -> Failure.unavailable("the user " + at.user() + " does not exist or may not log in: CREATE USER ... IDENTIFIED BY ...");
            case -2103, -7018 -> Failure.unavailable("there is no schema " + at.database() + ": create it with CREATE SCHEMA " + at.database() + " "
                    + "AUTHORIZATION " + at.user());
            case -2200, -7015, 6011, 6025 -> Failure.unavailable("there is no such database: check the server");
            case -5501 -> Failure.unavailable("the user lacks a right: GRANT RESOURCE TO " + at.user() + ", and all rights on the schema " + at.database());
            case -6001, -6002 -> Failure.crowded();
            case -6003 -> Failure.unavailable(at.server() + " takes no connections: check that the server is open");
            case -6010, -6007 -> Failure.unavailable("the connection to " + at.server() + " was lost");
            case -6506, -6540, 6008 -> Failure.readOnly(at);
            case -6403, -6409 -> Failure.lostRace();
            case -6515, -7049 -> Failure.slow();
            case -6602, -6612 -> Failure.duplicate();
            case -6108, -6125 -> Failure.rejected("a text is longer than its column");
            case -2004, -2007 -> Failure.rejected("the server does not know this SQL: it needs to be DM8");
            default -> null;
        };
        return Optional.ofNullable(failure);
    }
}
