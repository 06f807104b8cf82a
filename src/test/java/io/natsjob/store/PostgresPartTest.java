package io.natsjob.store;

import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of parts on PostgreSQL. */
@Tag("database")
final class PostgresPartTest extends PartContract {
    private String name;

    @Override
    Database open() {
        name = Databases.postgres().create();
        return Servers.open(Databases.postgres(), name, new SettableClock(1_700_000_000_000L));
    }

    @Override
    void drop() {
        Databases.postgres().drop(name);
    }
}
