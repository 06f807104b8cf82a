package io.natsjob.store;

import java.sql.SQLException;
import java.util.Optional;

/**
 * What a driver reports, in plain words with what to do; the driver's own text, which may hold values of a row, is kept as
 * the cause only. Goes by SQLState and the vendor's number, and by the classes of the causes where those say nothing:
 * the texts of drivers and servers are translated. Whether a commit took place it does not tell.
 */
public final class FailureWords {
    private static final String PUBLIC_KEY = "Public Key Retrieval is not allowed";

    private FailureWords() {}

    /** The failure of {@code purpose} (such as "open the database") at this address; names host, database and user. */
    public static StoreException of(DatabaseAddress address, SQLException error, String purpose) {
        return told(FailurePlace.of(address), error, purpose);
    }

    /** The same where only the kind of server is known. */
    public static StoreException of(ServerKind type, SQLException error, String purpose) {
        return told(FailurePlace.of(type), error, purpose);
    }

    private static StoreException told(FailurePlace at, SQLException error, String purpose) {
        Failure failure = known(at, error).orElseGet(() -> other(at, error));
        String message = "cannot " + purpose + ": " + failure.words();
        return failure.diskFull() ? StoreException.diskFull(message, error) : new StoreException(failure.kind(), message, error);
    }

    /** What the error means, empty where neither code nor cause is known. */
    static Optional<Failure> known(FailurePlace at, SQLException error) {
        String state = state(error);
        Optional<Failure> failure = switch (at.kind()) {
            case MYSQL -> MysqlFailures.of(at, error.getErrorCode());
            case POSTGRES -> PostgresFailures.of(at, state);
            case DM -> DmFailures.of(at, error.getErrorCode());
        };
        return failure.or(() -> NetworkFailure.of(at, error)).or(() -> connection(at, state, error));
    }

    /** Failures of the driver itself, which have no number. */
    private static Optional<Failure> connection(FailurePlace at, String state, SQLException error) {
        String message = error.getMessage();
        if (at.kind() == ServerKind.MYSQL && message != null && message.contains(PUBLIC_KEY)) {
            return Optional.of(Failure.unavailable("without TLS the server takes the password only encrypted with its key: set tls=skip-verify or tls=true,"
                    + " or take allowPublicKeyRetrieval=false out of NATSJOB_DB_URL"));
        }
        if (!state.startsWith("08")) {
            return Optional.empty();
        }
        return Optional.of(Failure.unavailable(switch (state) {
            case "08001", "08004" -> at.tlsDemanded() ? at.server() + " speaks no TLS, which NATSJOB_DB_URL demands: turn it on there, or do without by "
                    + NetworkFailure.withoutTls(at.kind()) : at.server() + " did not accept the connection: check host and port in NATSJOB_DB_URL, and "
                            + "the server's log";
            case "08P01" -> "what listens at " + at.server() + " does not talk like " + at.kind().label() + ": check host and port in NATSJOB_DB_URL";
            default -> "the connection to " + at.server() + " was lost";
        }));
    }

    private static Failure other(FailurePlace at, SQLException error) {
        String state = state(error);
        return Failure.rejected(at.kind().label() + " refused it (SQLState " + (state.isEmpty() ? "none" : state) + ", error " + error.getErrorCode() + ")");
    }

    private static String state(SQLException error) {
        return error.getSQLState() == null ? "" : error.getSQLState();
    }
}
