package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of servers on MariaDB. */
@Tag("database")
final class MariadbServerTest extends ServerContract {
    @Override
    DatabaseServer shared() {
        return Databases.mariadb();
    }

    @Override
    DatabaseServer own() {
        return Databases.newMariadb();
    }

    @Override
    String scripts() {
        return "mysql";
    }
}
