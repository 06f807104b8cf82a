package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of the tables at a start on MariaDB. */
@Tag("database")
final class MariadbUpgradeTest extends UpgradeContract {
    @Override
    DatabaseServer shared() {
        return Databases.mariadb();
    }

    @Override
    String scripts() {
        return "mysql";
    }
}
