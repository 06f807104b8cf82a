package io.natsjob.store;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The form of Go's MySQL driver: {@code user:password@tcp(host:port)/database?name=value}. User and password are raw: the
 * last {@code /} begins the database, the last {@code @} before it ends the password, the first {@code :} ends the user.
 */
final class GoMysqlUrl {
    private static final Pattern ADDRESS = Pattern.compile("([a-z0-9]*)(?:\\(([^()]*)\\))?");
    private static final Pattern LOOKS = Pattern.compile("(?s).*@(tcp|tcp4|tcp6|unix)\\(.*");
    private static final String LOCAL = "127.0.0.1";

    private GoMysqlUrl() {}

    static boolean looksLike(String text) {
        return LOOKS.matcher(text).matches();
    }

    static UrlParts parse(String text) throws BadUrl {
        int slash = text.lastIndexOf('/');
        if (slash < 0) {
            throw new BadUrl("no / before the database");
        }
        String left = text.substring(0, slash);
        int at = left.lastIndexOf('@');
        if (at < 0) {
            throw new BadUrl("no user:password@ before the address");
        }
        String login = left.substring(0, at);
        int colon = login.indexOf(':');
        String right = text.substring(slash + 1);
        int question = right.indexOf('?');
        String database = Percent.decode(question < 0 ? right : right.substring(0, question), false);
        UrlQuery query = UrlQuery.parse(ServerKind.MYSQL, question < 0 ? null : right.substring(question + 1));
        return new UrlParts(List.of(host(left.substring(at + 1))), database,
                new DatabaseLogin(colon < 0 ? login : login.substring(0, colon), colon < 0 ? "" : login.substring(colon + 1)), query.rest());
    }

    private static ServerHost host(String text) throws BadUrl {
        Matcher address = ADDRESS.matcher(text);
        if (!address.matches()) {
            throw new BadUrl(text.contains(")") ? "after tcp(host:port) only /database and ?options may stand, and a / in an option is written %2F"
                    : "the address is not tcp(host:port)");
        }
        String place = address.group(2) == null ? "" : address.group(2);
        return switch (address.group(1)) {
            case "", "tcp", "tcp4", "tcp6" -> place.isEmpty() ? new ServerHost(LOCAL, ServerKind.MYSQL.defaultPort())
                    : ServerHost.parse(place, ServerKind.MYSQL.defaultPort());
            case "unix" -> throw new BadUrl("a Unix socket: the Java driver connects by TCP only, as tcp(127.0.0.1:3306)");
            default -> throw new BadUrl("the address is not tcp(host:port)");
        };
    }
}
