package io.natsjob.store;

import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of counts on PostgreSQL. */
@Tag("database")
final class PostgresTallyTest extends TallyContract {
    private String name;

    @Override
    Database open() {
        name = Databases.postgres().create();
        return Servers.open(Databases.postgres(), name, new SettableClock(FIRST));
    }

    @Override
    void drop() {
        Databases.postgres().drop(name);
    }
}
