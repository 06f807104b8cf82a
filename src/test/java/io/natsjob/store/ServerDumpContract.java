package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backup and restore of a database server by its own tools, as docs/database.md says. */
abstract class ServerDumpContract {
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private String name;

    abstract DatabaseServer shared();

    @BeforeEach
    void createDatabase() {
        name = shared().create();
    }

    @AfterEach
    void dropDatabase() {
        callers.close();
        shared().drop(name);
    }

    private static String put(Database database, String setting, String text) {
        return database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, setting, text));
    }

    /** One committed state, which starts again on an empty database. */
    @Test
    void a_dump_taken_under_load_is_restored_whole(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("copy");
        String restored = shared().create();
        try (Database database = Servers.open(shared(), name, Clock.system())) {
            put(database, "emoji", "😀".repeat(1_000));
            CountDownLatch begun = new CountDownLatch(20);
            AtomicBoolean end = new AtomicBoolean();
            Future<Integer> load = callers.submit(() -> {
                int pairs = 0;
                for (; !end.get(); pairs++) {
                    int number = pairs;
                    database.write(Priority.EDIT, sql -> SettingTable.putIfAbsent(sql, "left-" + number, "x") + SettingTable.putIfAbsent(sql, "right-" + number, "x"));
                    begun.countDown();
                }
                return pairs;
            });
            assertTrue(begun.await(60, TimeUnit.SECONDS));
            shared().dump(name, file);
            put(database, "after", "v");
            end.set(true);
            assertTrue(load.get(60, TimeUnit.SECONDS) > 20);
        }
        shared().restore(restored, file);
        try (Database database = Servers.open(shared(), restored, Clock.system())) {
            assertEquals("😀".repeat(1_000), database.read(sql -> SettingTable.find(sql, "emoji")).orElseThrow());
            assertTrue(database.read(sql -> SettingTable.find(sql, "after")).isEmpty());
            Long left = database.read(sql -> settings(sql, "left-%"));
            assertEquals(left, database.read(sql -> settings(sql, "right-%")));
            assertTrue(left >= 20, "pairs " + left);
            assertEquals("v", put(database, "k", "v"));
        }
        shared().drop(restored);
    }

    private static Long settings(Sql sql, String pattern) {
        return sql.one("SELECT COUNT(*) FROM natsjob_setting WHERE name LIKE ?", row -> row.longAt(1), pattern).orElseThrow();
    }
}
