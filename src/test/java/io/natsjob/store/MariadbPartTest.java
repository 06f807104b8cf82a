package io.natsjob.store;

import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of parts on MariaDB. */
@Tag("database")
final class MariadbPartTest extends PartContract {
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
