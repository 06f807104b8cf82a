package io.natsjob.store;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** The contract of parts on SQLite. */
final class SqlitePartTest extends PartContract {
    @TempDir
    private Path folder;

    @Override
    Database open() {
        return Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), new SettableClock(1_700_000_000_000L));
    }
}
