package io.natsjob.store;

import io.natsjob.testkit.Databases;
import org.junit.jupiter.api.Tag;

/** The contract of counts on MariaDB. */
@Tag("database")
final class MariadbTallyTest extends TallyContract {
    private String name;

    @Override
    Database open() {
        name = Databases.mariadb().create();
        return Servers.open(Databases.mariadb(), name, new SettableClock(FIRST));
    }

    @Override
    void drop() {
        Databases.mariadb().drop(name);
    }
}
