package io.natsjob.scenario;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The life of runs on PostgreSQL. */
@Tag("database")
final class PostgresRunLifeTest extends RunLifeContract {
    @BeforeAll
    static void start() {
        start(Base.POSTGRES);
    }
}
