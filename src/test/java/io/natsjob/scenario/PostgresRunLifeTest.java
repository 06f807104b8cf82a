package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The life of runs on PostgreSQL. */
@Tag("database")
final class PostgresRunLifeTest extends RunLifeContract {
    @BeforeAll
    static void start() {
        DatabaseServer server = Databases.postgres();
        start(Map.of("NATSJOB_DB_TYPE", "postgres", "NATSJOB_DB_URL", server.goUrl(server.create())));
    }
}
