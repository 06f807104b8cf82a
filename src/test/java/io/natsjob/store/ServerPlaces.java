package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.time.Clock;
import java.util.Properties;
import java.util.Random;

/** Opens databases of the servers that tests use. */
final class ServerPlaces {
    private ServerPlaces() {}

    static ServerPlace place(DatabaseServer server, String database) {
        Properties login = new Properties();
        login.setProperty("user", DatabaseServer.USER);
        login.setProperty("password", DatabaseServer.PASSWORD);
        return new ServerPlace(server.url(database), login, "127.0.0.1:" + server.port() + "/" + database);
    }

    static ServerDialect dialect(DatabaseServer server, String database, TimeLimits limits) {
        ServerPlace place = place(server, database);
        return place.url().startsWith("jdbc:mysql:") ? new MysqlDialect(place, limits) : new PostgresDialect(place, limits);
    }

    static Database open(DatabaseServer server, String database, Clock clock) {
        return open(server, database, clock, TimeLimits.DEFAULT);
    }

    static Database open(DatabaseServer server, String database, Clock clock, TimeLimits limits) {
        return PooledDatabase.open(within -> dialect(server, database, within), 100, clock, limits, new Random(1));
    }
}
