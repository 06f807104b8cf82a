package io.natsjob.scenario;

import org.junit.jupiter.api.BeforeAll;

/** The life of runs on SQLite. */
final class RunLifeTest extends RunLifeContract {
    @BeforeAll
    static void start() {
        start(Base.SQLITE);
    }
}
