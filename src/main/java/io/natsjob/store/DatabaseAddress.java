package io.natsjob.store;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/**
 * Where a database server is and how to log in: NATSJOB_DB_URL in any of its forms, read, judged and rebuilt for the driver.
 * Only options of an allow-list reach the driver; docs/configuration.md lists them. That the server is there, or lets us in,
 * is not known before connecting. Printing it shows no password.
 *
 * @param type     kind of server
 * @param hosts    one; of PostgreSQL up to {@value #HOSTS_MAX}, of which the writable one is used
 * @param database the database; of Dameng the schema, empty for the user's own
 * @param login    user and password
 * @param options  properties of the driver that the URL asks for
 */
public record DatabaseAddress(ServerKind type, List<ServerHost> hosts, String database, DatabaseLogin login, Map<String, String> options) {
    static final int HOSTS_MAX = 8;
    private static final int URL_MAX_CHARS = 8_192;
    /** Needs no quoting in any of the drivers' URLs but percent-encoding. */
    private static final Pattern DATABASE = Pattern.compile("[\\p{L}\\p{N}_$-][\\p{L}\\p{N}_$.-]{0,63}");

    public DatabaseAddress {
        hosts = List.copyOf(hosts);
        options = Map.copyOf(options);
    }

    /**
     * Reads the URL of a server.
     *
     * @param type {@code mysql}, {@code postgres} or {@code dm}
     * @param url  the text of NATSJOB_DB_URL
     * @throws IllegalArgumentException one line with what is wrong and the expected form, without any part of the URL
     *                                  but the name of an option
     */
    public static DatabaseAddress parse(String type, String url) {
        ServerKind kind = ServerKind.of(type);
        try {
            return of(kind, UrlForm.read(kind, checked(url)));
        } catch (BadUrl e) {
            throw new IllegalArgumentException("NATSJOB_DB_URL is not allowed: " + e.getMessage() + "; expected " + kind.form(), e);
        }
    }

    private static String checked(String url) throws BadUrl {
        String text = url == null ? "" : url.strip();
        if (text.isEmpty()) {
            throw new BadUrl("it is empty, while NATSJOB_DB_TYPE names a server");
        }
        if (text.length() > URL_MAX_CHARS || text.chars().anyMatch(Character::isISOControl)) {
            throw new BadUrl("control characters, or longer than " + URL_MAX_CHARS + " characters");
        }
        return text;
    }

    private static DatabaseAddress of(ServerKind kind, UrlParts parts) throws BadUrl {
        if (parts.hosts().size() > (kind == ServerKind.POSTGRES ? HOSTS_MAX : 1)) {
            throw new BadUrl(kind == ServerKind.POSTGRES ? "more than " + HOSTS_MAX + " hosts" : "several hosts: name one");
        }
        if (parts.login().user().isEmpty()) {
            throw new BadUrl("the user is missing");
        }
        Options read = Options.read(kind, parts.options());
        String database = database(kind, parts, read.database());
        if (!database.isEmpty() && !DATABASE.matcher(database).matches()) {
            throw new BadUrl("the name of the " + (kind == ServerKind.DM ? "schema" : "database") + " has characters other than letters, digits and _ $ - ."
                    + ", or over 64; in a password in a URL, @ / ? # and % are written %40 %2F %3F %23 %25");
        }
        return new DatabaseAddress(kind, parts.hosts(), database, parts.login(), read.properties());
    }

    private static String database(ServerKind kind, UrlParts parts, String option) throws BadUrl {
        return switch (kind) {
            case DM -> {
                if (!parts.database().isEmpty()) {
                    throw new BadUrl("a name after the port: the schema is named as ?schema=natsjob");
                }
                yield option;
            }
            case MYSQL -> {
                if (parts.database().isEmpty()) {
                    throw new BadUrl("the database is missing");
                }
                yield parts.database();
            }
            // As libpq, pgx and the driver have it.
            case POSTGRES -> parts.database().isEmpty() ? parts.login().user() : parts.database();
        };
    }

    /** The driver's URL: hosts and database only, no login, no option. */
    public String jdbcUrl() {
        return switch (type) {
            case MYSQL -> MysqlOptions.jdbcUrl(this);
            case POSTGRES -> PostgresOptions.jdbcUrl(this);
            case DM -> DmOptions.jdbcUrl(this);
        };
    }

    /** The driver's properties with the password, new at every call: what is always set, and what the URL asks for. */
    public Properties properties() {
        Properties properties = new Properties();
        Map<String, String> all = switch (type) {
            case MYSQL -> MysqlOptions.properties(this);
            case POSTGRES -> PostgresOptions.properties(this);
            case DM -> DmOptions.properties(this);
        };
        all.forEach(properties::setProperty);
        properties.setProperty("user", login.user());
        properties.setProperty("password", login.password());
        return properties;
    }

    /** For log and messages, without the password: {@code PostgreSQL at 127.0.0.1:5432, database natsjob, user natsjob}. */
    public String describe() {
        String where = type.label() + " at " + String.join(",", hosts.stream().map(ServerHost::toString).toList());
        String what = database.isEmpty() ? "" : (type == ServerKind.DM ? ", schema " : ", database ") + database;
        return where + what + ", user " + login.user();
    }

    @Override
    public String toString() {
        return describe();
    }
}
