package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** Backup and restore of PostgreSQL. */
@Tag("database")
final class PostgresDumpTest extends ServerDumpContract {
    @Override
    DatabaseServer shared() {
        return Databases.postgres();
    }
}
