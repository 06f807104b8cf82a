package io.natsjob.store;

import java.sql.SQLException;

/**
 * What a driver reports, in plain words with what to do; the driver's own text, which may hold values of a row, is kept as
 * the cause only. Goes by SQLState and the vendor's code, and by the classes of the causes where those say nothing:
 * the texts of drivers and servers are translated.
 */
public final class FailureWords {
    private FailureWords() {}

    /** The failure of {@code purpose} (such as "open the database") at this address; names host, database and user. */
    public static StoreException of(DatabaseAddress address, SQLException error, String purpose) {
        throw new UnsupportedOperationException();
    }

    /** The same where only the kind of server is known. */
    public static StoreException of(ServerKind type, SQLException error, String purpose) {
        throw new UnsupportedOperationException();
    }
}
