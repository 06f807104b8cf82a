package io.natsjob;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The import on PostgreSQL. */
@Tag("database")
final class PostgresImportTest extends OriginalImportContract {
    @Override
    DatabaseServer server() {
        return Databases.postgres();
    }

    @Override
    String tool() {
        return "pg_dump --format=custom";
    }
}
