package io.natsjob.store;

import java.util.Map;

/** The kinds of database that are servers of their own, by the words of NATSJOB_DB_TYPE. */
public enum ServerKind {
    /** MySQL and MariaDB. */
    MYSQL("mysql", "MySQL", 3306, "user:password@tcp(host:3306)/natsjob?charset=utf8mb4 or jdbc:mysql://host:3306/natsjob?user=...&password=..."),
    /** PostgreSQL, and KingbaseES in its PostgreSQL mode. */
    POSTGRES("postgres", "PostgreSQL", 5432, "host=127.0.0.1 port=5432 user=natsjob password=... dbname=natsjob sslmode=disable,"
            + " postgres://user:password@host:5432/natsjob or jdbc:postgresql://host:5432/natsjob?user=...&password=..."),
    /** Dameng. */
    DM("dm", "Dameng", 5236, "dm://SYSDBA:password@host:5236?schema=natsjob or jdbc:dm://host:5236?user=...&password=...&schema=natsjob");

    private final String word;
    private final String label;
    private final int defaultPort;
    private final String form;

    ServerKind(String word, String label, int defaultPort, String form) {
        this.word = word;
        this.label = label;
        this.defaultPort = defaultPort;
        this.form = form;
    }

    /**
     * The kind of this word.
     *
     * @throws IllegalArgumentException for any other word, {@code sqlite} among them: it is a file, not a server
     */
    public static ServerKind of(String word) {
        for (ServerKind kind : values()) {
            if (kind.word.equals(word)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("NATSJOB_DB_TYPE '" + word + "' is no database server: expected mysql, postgres or dm");
    }

    /** As in NATSJOB_DB_TYPE. */
    public String word() {
        return word;
    }

    /** Its name for people. */
    public String label() {
        return label;
    }

    /** The port that counts where the URL has none. */
    int defaultPort() {
        return defaultPort;
    }

    /** The accepted forms of its URL, with an example each. */
    String form() {
        return form;
    }

    /** Options that its rules accept, by lower-case name. */
    Map<String, OptionRule> rules() {
        return switch (this) {
            case MYSQL -> MysqlOptions.RULES;
            case POSTGRES -> PostgresOptions.RULES;
            case DM -> DmOptions.RULES;
        };
    }
}
