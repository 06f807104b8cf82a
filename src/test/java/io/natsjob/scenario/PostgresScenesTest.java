package io.natsjob.scenario;

import org.junit.jupiter.api.Tag;

/** The scenes on PostgreSQL. */
@Tag("database")
final class PostgresScenesTest extends DatabaseScenesContract {
    @Override
    Base base() {
        return Base.POSTGRES;
    }
}
