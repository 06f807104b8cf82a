package io.natsjob.store;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of servers on PostgreSQL. */
@Tag("database")
final class PostgresServerTest extends ServerContract {
    @Override
    DatabaseServer shared() {
        return Databases.postgres();
    }

    @Override
    DatabaseServer own() {
        return Databases.newPostgres();
    }

    @Override
    String scripts() {
        return "postgres";
    }
}
