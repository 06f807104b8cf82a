package io.natsjob.scenario;

import org.junit.jupiter.api.Tag;

/** The scenes on MariaDB. */
@Tag("database")
final class MariadbScenesTest extends DatabaseScenesContract {
    @Override
    Base base() {
        return Base.MARIADB;
    }
}
