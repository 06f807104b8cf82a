package io.natsjob.store;

import io.natsjob.store.UrlParts.UrlOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The keyword form of PostgreSQL: {@code host=127.0.0.1 user=natsjob password='it\'s'}. A value with blanks stands in single
 * quotes; {@code \'} and {@code \\} are a quote and a backslash, any other backslash is itself, as in Go's driver.
 */
final class PgKeywordUrl {
    private static final Pattern LOOKS = Pattern.compile("(?is)\\s*(host|hostaddr|port|user|password|dbname|database|sslmode)\\s*=.*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

    private final String text;
    private int at;

    private PgKeywordUrl(String text) {
        this.text = text;
    }

    static boolean looksLike(String text) {
        return LOOKS.matcher(text).matches();
    }

    static UrlParts parse(String text) throws BadUrl {
        Map<String, String> pairs = new PgKeywordUrl(text).pairs();
        String host = take(pairs, "host", "localhost");
        String port = take(pairs, "port", "");
        String database = take(pairs, "database", "");
        database = take(pairs, "dbname", database);
        DatabaseLogin login = new DatabaseLogin(take(pairs, "user", ""), take(pairs, "password", ""));
        List<UrlOption> options = new ArrayList<>();
        pairs.forEach((name, value) -> options.add(new UrlOption(name, value)));
        return new UrlParts(PgUrl.hosts(host, port), database, login, options);
    }

    private static String take(Map<String, String> pairs, String name, String otherwise) {
        String value = pairs.remove(name);
        return value == null ? otherwise : value;
    }

    private Map<String, String> pairs() throws BadUrl {
        Map<String, String> pairs = new LinkedHashMap<>();
        String before = "";
        skipBlanks();
        while (at < text.length()) {
            String name = name(before);
            pairs.put(name.equals("timezone") ? "TimeZone" : name, value());
            before = name;
            skipBlanks();
        }
        return pairs;
    }

    /** In lower case. A name after an unquoted password may be the rest of it, and is shown only where it is an option's. */
    private String name(String before) throws BadUrl {
        int equals = text.indexOf('=', at);
        String name = equals < 0 ? "" : text.substring(at, equals).strip();
        String known = name.toLowerCase(Locale.ROOT);
        boolean odd = !NAME.matcher(name).matches();
        if (odd || before.equals("password") && !Options.known(ServerKind.POSTGRES, known)) {
            throw new BadUrl(before.equals("password") ? "after password=... stands no option that is accepted: a password with blanks stands in "
                    + "single quotes, and in it \\' and \\\\ are ' and \\"
                    : "it is not name=value pairs with blanks between them");
        }
        at = equals + 1;
        skipBlanks();
        return known;
    }

    private String value() throws BadUrl {
        boolean quoted = at < text.length() && text.charAt(at) == '\'';
        at += quoted ? 1 : 0;
        StringBuilder value = new StringBuilder();
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (quoted && c == '\'') {
                return value.toString();
            }
            if (!quoted && blank(c)) {
                return value.toString();
            }
            char next = at < text.length() ? text.charAt(at) : ' ';
            boolean escape = c == '\\' && (next == '\'' || next == '\\');
            value.append(escape ? next : c);
            at += escape ? 1 : 0;
        }
        if (quoted) {
            throw new BadUrl("a value in quotes is not closed: in it \\' and \\\\ are ' and \\");
        }
        return value.toString();
    }

    private void skipBlanks() {
        while (at < text.length() && blank(text.charAt(at))) {
            at++;
        }
    }

    private static boolean blank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\u000B';
    }
}
