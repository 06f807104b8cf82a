package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.time.Clock;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Opens databases of the servers that tests use. */
final class Servers {
    private Servers() {}

    static DatabaseAddress address(DatabaseServer server, String database) {
        String url = server.url(database) + "?user=" + DatabaseServer.USER + "&password="
                + URLEncoder.encode(DatabaseServer.PASSWORD, StandardCharsets.UTF_8).replace("+", "%20");
        return DatabaseAddress.parse(url.startsWith("jdbc:mysql:") ? "mysql" : "postgres", url);
    }

    static Database open(DatabaseServer server, String database, Clock clock) {
        return open(server, database, clock, TimeLimits.DEFAULT);
    }

    static Database open(DatabaseServer server, String database, Clock clock, TimeLimits limits) {
        return PooledDatabase.open(address(server, database), 100, clock, limits, new Random(1));
    }
}
