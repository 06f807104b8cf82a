package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of the tables at a start on PostgreSQL. */
@Tag("database")
final class PostgresUpgradeTest extends UpgradeContract {
    @Override
    DatabaseServer shared() {
        return Databases.postgres();
    }

    @Override
    String scripts() {
        return "postgres";
    }
}
