package io.natsjob.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code NATSJOB_DB_URL}: which SQLite file it names, and what of any database's URL may be shown.
 * Showing goes by what is known to be harmless, not by what looks like a password: what is not understood is hidden whole.
 */
final class DatabaseUrl {
    static final String SQLITE = "sqlite";
    static final String WORDS = "SQLite file: path, file:path or jdbc:sqlite:path, without options; a server: its address, in the forms of docs/database.md";

    private static final String HIDDEN = "***";
    private static final String ADDRESS = "[A-Za-z0-9._-]+(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9._-]+)?](?::[0-9]{1,5})?";
    private static final Pattern GO_MYSQL = Pattern.compile(".*@(tcp6?|unix)\\(([A-Za-z0-9._:/%\\[\\]-]*)\\)/([A-Za-z0-9._%-]*)(\\?[^@]*)?");
    private static final Pattern URL = Pattern.compile(
            "((?:jdbc:)?[a-z]{1,16}://)([^?;]*@)?((?:" + ADDRESS + ")(?:/[A-Za-z0-9._-]*)?)([?;][^@]*)?");
    private static final Pattern LIBPQ = Pattern.compile("\\s*([A-Za-z_]+)\\s*=\\s*('(?:[^'\\\\]|\\\\.)*'|[^\\s'][^\\s]*|)(?=\\s|$)");
    private static final Pattern OF_SERVER = Pattern.compile("(?is)jdbc:(?!sqlite:).*|(?!file:)[^/?]*://.*"
            + "|.*@(?:(?:tcp[46]?|unix)\\(.*|/[^/]*)|\\s*(?:host|hostaddr|port|user|password|dbname|sslmode|timezone)\\s*=.*");
    private static final Pattern PLAIN_PATH = Pattern.compile("(?:[A-Za-z]:)?[^:]*");
    private static final Set<String> LIBPQ_SHOWN = Set.of("host", "port", "dbname", "sslmode", "timezone");

    private DatabaseUrl() {}

    static Form<String> form() {
        return new Form<>(WORDS, DatabaseUrl::sqliteFile, DatabaseUrl::shown, false);
    }

    static Form<String> typeForm() {
        return Form.oneOf(SQLITE, "mysql", "postgres", "dm");
    }

    /** Whether the text surely names a server, and no file: an odd path does not. */
    static boolean ofServer(String text) {
        return OF_SERVER.matcher(text).matches();
    }

    /** The path of the SQLite file that the text names. */
    static String sqliteFile(String text) throws BadValue {
        String path = text.startsWith("jdbc:sqlite:") ? text.substring("jdbc:sqlite:".length()) : text;
        path = path.startsWith("file:") ? path.substring("file:".length()) : path;
        if (path.contains("://") || path.startsWith("jdbc:") || path.contains("@") || path.indexOf('=') >= 0 && path.indexOf('?') < 0) {
            throw new BadValue("the URL of another database, while NATSJOB_DB_TYPE is sqlite");
        }
        if (path.contains("?")) {
            throw new BadValue("options after ? are not accepted");
        }
        if (path.contains(":memory:")) {
            throw new BadValue("a database in memory would lose every run");
        }
        if (path.isBlank() || path.length() > 4096 || path.chars().anyMatch(Character::isISOControl)) {
            throw new BadValue("not a path");
        }
        return path;
    }

    /** The URL of any database without login and options, or {@code ***}. */
    static String shown(String text) {
        Matcher go = GO_MYSQL.matcher(text);
        if (go.matches()) {
            return HIDDEN + "@" + go.group(1) + "(" + go.group(2) + ")/" + go.group(3) + (go.group(4) == null ? "" : "?" + HIDDEN);
        }
        Matcher url = URL.matcher(text);
        if (url.matches()) {
            return url.group(1) + (url.group(2) == null ? "" : HIDDEN + "@") + url.group(3) + (url.group(4) == null ? "" : "?" + HIDDEN);
        }
        if (text.contains("=")) {
            return libpq(text);
        }
        try {
            // A colon in a path is one of a drive, or the URL of a server that lacks its @.
            return PLAIN_PATH.matcher(sqliteFile(text)).matches() ? text : HIDDEN;
        } catch (BadValue e) {
            return HIDDEN;
        }
    }

    private static String libpq(String text) {
        Matcher pair = LIBPQ.matcher(text);
        List<String> shown = new ArrayList<>();
        int end = 0;
        while (end < text.length() && pair.find(end) && pair.start() == end) {
            String key = pair.group(1).toLowerCase(Locale.ROOT);
            boolean open = LIBPQ_SHOWN.contains(key) && pair.group(2).matches("[A-Za-z0-9._:/-]*");
            shown.add(pair.group(1) + "=" + (open ? pair.group(2) : HIDDEN));
            end = pair.end();
        }
        return text.substring(end).isBlank() ? String.join(" ", shown) : HIDDEN;
    }
}
