package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;

/** {@code postgres://user:password@host:port/database?sslmode=disable}, as psql and Go's driver take it; the parts may also stand as options. */
final class PgUrl {
    private static final int DEFAULT_PORT = ServerKind.POSTGRES.defaultPort();

    private PgUrl() {}

    static UrlParts parse(String text) throws BadUrl {
        SchemeUrl url = SchemeUrl.parse(text.substring(text.indexOf("://") + 3));
        UrlQuery query = UrlQuery.parse(ServerKind.POSTGRES, url.query());
        DatabaseLogin login = url.login();
        String host = query.take("host", "");
        String port = query.take("port", "");
        String database = query.take("database", Percent.decode(url.path(), false));
        database = query.take("dbname", database);
        DatabaseLogin whole = new DatabaseLogin(query.take("user", login.user()), query.take("password", login.password()));
        List<ServerHost> hosts = url.hosts().isEmpty() ? hosts(host.isEmpty() ? "localhost" : host, port) : url.hosts(DEFAULT_PORT);
        if (!url.hosts().isEmpty() && !(host + port).isEmpty()) {
            throw new BadUrl("the host stands before and after the ?");
        }
        return new UrlParts(hosts, database, whole, query.rest());
    }

    /** Hosts and ports as two lists with commas; one port serves all hosts. */
    static List<ServerHost> hosts(String hosts, String ports) throws BadUrl {
        String[] names = hosts.split(",", -1);
        String[] numbers = ports.split(",", -1);
        if (numbers.length != 1 && numbers.length != names.length) {
            throw new BadUrl("as many ports as hosts, or one for all, are needed");
        }
        List<ServerHost> list = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            if (names[i].startsWith("/") || names[i].startsWith("@")) {
                throw new BadUrl("a Unix socket: the Java driver connects by TCP only, as host=127.0.0.1");
            }
            list.add(ServerHost.of(names[i], numbers[numbers.length == 1 ? 0 : i], DEFAULT_PORT));
        }
        return list;
    }
}
