package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * {@code jdbc:mysql://host:port/database?user=...&password=...} and the like, read as the drivers do: values of options are
 * percent-encoded and {@code +} is a blank, but those of Dameng are raw. {@code jdbc:mariadb:} means the same server as {@code jdbc:mysql:}.
 */
final class JdbcUrl {
    private static final Map<String, ServerKind> KINDS = Map.of("mysql", ServerKind.MYSQL, "mariadb", ServerKind.MYSQL,
            "postgresql", ServerKind.POSTGRES, "dm", ServerKind.DM);

    private JdbcUrl() {}

    static UrlParts parse(ServerKind kind, String text) throws BadUrl {
        String rest = text.substring("jdbc:".length());
        int colon = rest.indexOf(':');
        String word = colon < 0 ? "" : rest.substring(0, colon).toLowerCase(Locale.ROOT);
        if (word.equals("kingbase8") || word.equals("kingbase")) {
            throw new BadUrl("KingbaseES runs in its PostgreSQL mode only: set NATSJOB_DB_TYPE=postgres and write jdbc:postgresql:// in place of "
                    + "jdbc:" + word + "://");
        }
        if (word.equals("sqlite")) {
            throw new BadUrl("it is a URL of SQLite (NATSJOB_DB_TYPE=sqlite), while NATSJOB_DB_TYPE is " + kind.word());
        }
        ServerKind needed = KINDS.get(word);
        if (needed == null) {
            throw new BadUrl("its JDBC driver is not one of mysql, mariadb, postgresql and dm");
        }
        UrlForm.demand(kind, needed, "a JDBC URL of " + needed.label());
        String body = rest.substring(colon + 1);
        if (!body.startsWith("//")) {
            throw new BadUrl("after jdbc:" + word + ": must come //host:port");
        }
        return parts(kind, body.substring(2));
    }

    private static UrlParts parts(ServerKind kind, String text) throws BadUrl {
        boolean encoded = kind != ServerKind.DM;
        if (encoded && text.indexOf('#') >= 0) {
            throw new BadUrl("a # is written %23");
        }
        int question = text.indexOf('?');
        String left = question < 0 ? text : text.substring(0, question);
        int slash = left.indexOf('/');
        String authority = slash < 0 ? left : left.substring(0, slash);
        String path = slash < 0 ? "" : Percent.decode(left.substring(slash + 1), encoded);
        String options = question < 0 ? null : text.substring(question + 1);
        UrlQuery query = encoded ? UrlQuery.parse(kind, options) : UrlQuery.parseRaw(kind, options);
        int at = authority.lastIndexOf('@');
        if (at >= 0 && kind != ServerKind.MYSQL) {
            throw new BadUrl("a login before the host: in this form it stands as ?user=...&password=...");
        }
        if (authority.indexOf('(') >= 0) {
            throw new BadUrl("an address in parentheses: write host:port");
        }
        String login = at < 0 ? "" : authority.substring(0, at);
        int colon = login.indexOf(':');
        String user = query.take("user", Percent.decode(colon < 0 ? login : login.substring(0, colon), true));
        String password = query.take("password", Percent.decode(colon < 0 ? "" : login.substring(colon + 1), true));
        return new UrlParts(hosts(kind, authority.substring(at + 1)), path, new DatabaseLogin(user, password), query.rest());
    }

    private static List<ServerHost> hosts(ServerKind kind, String text) throws BadUrl {
        List<ServerHost> hosts = new ArrayList<>();
        for (String host : (text.isEmpty() ? "localhost" : text).split(",", -1)) {
            hosts.add(ServerHost.parse(host, kind.defaultPort()));
        }
        return hosts;
    }
}
