package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The life of runs on MariaDB. */
@Tag("database")
final class MariadbRunLifeTest extends RunLifeContract {
    @BeforeAll
    static void start() {
        DatabaseServer server = Databases.mariadb();
        start(Map.of("NATSJOB_DB_TYPE", "mysql", "NATSJOB_DB_URL", server.goUrl(server.create())));
    }
}
