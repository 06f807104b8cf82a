package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** Backup and restore of MariaDB. */
@Tag("database")
final class MariadbDumpTest extends ServerDumpContract {
    @Override
    DatabaseServer shared() {
        return Databases.mariadb();
    }
}
