package io.natsjob;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The import on MariaDB. */
@Tag("database")
final class MariadbImportTest extends OriginalImportContract {
    @Override
    DatabaseServer server() {
        return Databases.mariadb();
    }

    @Override
    String tool() {
        return "mariadb-dump --single-transaction (MySQL: mysqldump --single-transaction)";
    }
}
