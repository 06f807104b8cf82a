package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import java.util.Arrays;
import java.util.Locale;

/** The kinds of database under a server, by the words of {@code --database} in {@code scripts/verify/}. */
enum Base {
    SQLITE("SQLite"),
    POSTGRES("PostgreSQL"),
    MARIADB("MariaDB");

    private final String label;

    Base(String label) {
        this.label = label;
    }

    /** The one that system property {@code verify.database} names; SQLite unless it does. */
    static Base chosen() {
        String word = System.getProperty("verify.database", "sqlite");
        return Arrays.stream(values()).filter(base -> base.word().equals(word)).findFirst()
                .orElseThrow(() -> new AssertionError("verify.database must be one of sqlite, postgres, mariadb, not '" + word + "'"));
    }

    private String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The same where it must be a server; PostgreSQL unless it is named. */
    static Base chosenServer() {
        Base chosen = chosen();
        return chosen == SQLITE ? POSTGRES : chosen;
    }

    /** A server of the caller's own, who closes it. */
    DatabaseServer own() {
        return switch (this) {
            case SQLITE -> throw new IllegalStateException("SQLite has no server");
            case POSTGRES -> Databases.newPostgres();
            case MARIADB -> Databases.newMariadb();
        };
    }

    /** The value of NATSJOB_DB_TYPE. */
    String type() {
        return this == MARIADB ? "mysql" : word();
    }

    /** The shared server of this kind; SQLite has none. */
    DatabaseServer shared() {
        return switch (this) {
            case SQLITE -> throw new IllegalStateException("SQLite has no server");
            case POSTGRES -> Databases.postgres();
            case MARIADB -> Databases.mariadb();
        };
    }

    @Override
    public String toString() {
        return label;
    }
}
