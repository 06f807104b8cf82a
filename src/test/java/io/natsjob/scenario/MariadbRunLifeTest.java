package io.natsjob.scenario;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The life of runs on MariaDB. */
@Tag("database")
final class MariadbRunLifeTest extends RunLifeContract {
    @BeforeAll
    static void start() {
        start(Base.MARIADB);
    }
}
