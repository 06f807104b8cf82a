package io.natsjob.store;

import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of missed fires on MariaDB. */
@Tag("database")
final class MariadbMisfireTest extends MisfireContract {
    private String name;

    @Override
    Database open() {
        name = Databases.mariadb().create();
        return Servers.open(Databases.mariadb(), name, new SettableClock(1_700_000_000_000L));
    }

    @Override
    void drop() {
        Databases.mariadb().drop(name);
    }
}
