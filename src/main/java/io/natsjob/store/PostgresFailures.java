package io.natsjob.store;

import java.util.Optional;

/** Errors of PostgreSQL by SQLSTATE (its appendix A). The texts are translated, so that they say nothing to a program. */
final class PostgresFailures {
    private PostgresFailures() {}

    /** Empty for a state that is not known. */
    static Optional<Failure> of(FailurePlace at, String state) {
        Failure failure = switch (state) {
            case "28P01" -> Failure.unavailable("wrong user or password: check NATSJOB_DB_URL; " + at.user() + " needs LOGIN and this password (ALTER "
                    + "ROLE ... LOGIN PASSWORD ...)");
            case "28000" -> Failure.unavailable("the server does not let " + at.user() + " in from this machine: check that the role exists and may "
                    + "log in, and pg_hba.conf;"
                    + " where that demands TLS (hostssl), set sslmode=require, where it forbids it, sslmode=disable");
            case "3D000" -> Failure.unavailable("there is no database " + at.database() + ": create it with CREATE DATABASE " + at.database() + " "
                    + "ENCODING 'UTF8'");
            case "3F000" -> Failure.unavailable("there is no schema to write to: CREATE SCHEMA ... AUTHORIZATION " + at.user() + ", or correct "
                    + "search_path in NATSJOB_DB_URL");
            case "42501" -> Failure.unavailable("the user lacks a right: GRANT CREATE, CONNECT, TEMPORARY ON DATABASE " + at.database() + " TO " + at.user()
                    + " and GRANT USAGE, CREATE ON SCHEMA public TO " + at.user() + ", or make it the owner: ALTER DATABASE " + at.database() + " "
                            + "OWNER TO " + at.user() + "; of tables that another user made, such as the original's: GRANT SELECT ON ALL TABLES IN SCHEMA public TO "
                            + at.user());
            case "53300" -> Failure.crowded();
            case "53100" -> Failure.full();
            case "53200", "58030" -> Failure.unavailable("the server is out of memory or its disk reports an error: see its log");
            case "57P01", "57P02", "57P03" -> Failure.stopping();
            case "57P04" -> Failure.unavailable("the database " + at.database() + " was dropped: CREATE DATABASE " + at.database() + " ENCODING 'UTF8'");
            case "25006" -> Failure.readOnly(at);
            case "40001", "40P01", "55P03" -> Failure.lostRace();
            case "57014", "25P03", "57P05" -> Failure.slow();
            case "25P02", "40000" -> Failure.unavailable("an earlier statement of the transaction had failed");
            case "23505" -> Failure.duplicate();
            case "22001" -> Failure.rejected("a text is longer than its column");
            case "22021", "22P05" -> Failure.rejected("a character that the database cannot store: it must have ENCODING 'UTF8'");
            case "0A000", "42601", "42704", "42883" -> Failure.tooOld(at);
            default -> null;
        };
        return Optional.ofNullable(failure);
    }
}
