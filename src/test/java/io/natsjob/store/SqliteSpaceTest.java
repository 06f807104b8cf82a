package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.RunState;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.JDBC;

/** What deleted rows leave behind goes back to the disk. */
@Timeout(60)
final class SqliteSpaceTest {
    private static final int ROWS = 50_000;
    private static final long KEPT_BYTES = 256 * 4_096;

    @TempDir
    private Path folder;

    private Path file() {
        return folder.resolve("natsjob.db");
    }

    private Database open() {
        return Database.open(new StoreOptions("sqlite", file().toString(), 1), Clock.system());
    }

    private static void fill(Database database) {
        for (long from = 1; from <= ROWS; from += 500) {
            List<Long> ids = LongStream.range(from, from + 500).boxed().toList();
            database.write(Priority.CLAIM, sql -> {
                RunTable.insert(sql, 1, ids.stream().map(id -> Samples.claim(id, id % 200, 1_000 * id)).toList());
                return RunTable.end(sql, ids.stream().map(id -> Samples.end(id, RunState.SUCCESS)).toList());
            });
        }
    }

    private static int empty(Database database) {
        int all = 0;
        int deleted;
        do {
            deleted = database.write(Priority.RETENTION, sql -> RunTable.deleteEnded(sql, 0, Long.MAX_VALUE, Long.MAX_VALUE, 500).rows());
            all += deleted;
        } while (deleted > 0);
        return all;
    }

    private static long pages(Database database, String pragma) {
        return database.read(sql -> sql.one("PRAGMA " + pragma, row -> row.longAt(1))).orElseThrow();
    }

    @Test
    void the_file_shrinks_in_small_steps_after_50_000_rows_were_deleted() throws IOException {
        long full;
        int steps = 1;
        try (Database database = open()) {
            fill(database);
            full = pages(database, "page_count");
            assertFalse(database.giveBackSpace(), "nothing is free");
            assertEquals(ROWS, empty(database));
            assertEquals(full, pages(database, "page_count"), "deleting alone frees pages in the file only");
            long before = full;
            while (database.giveBackSpace()) {
                long now = pages(database, "page_count");
                assertTrue(before - now > 0 && before - now <= 256 + 1, "one step took " + (before - now) + " pages"); // and a page of its map
                before = now;
                steps++;
            }
            assertFalse(database.giveBackSpace());
        }
        assertTrue(steps > 2, steps + " steps for " + full + " pages");
        long left = Files.size(file());
        assertTrue(left < KEPT_BYTES * 5 / 4 && left < full * 4_096 / 2, left + " bytes of " + full * 4_096);
    }

    @Test
    void what_is_kept_free_takes_new_rows_without_growth() {
        try (Database database = open()) {
            fill(database);
            long full = pages(database, "page_count");
            for (int i = 0; i < 3; i++) {
                empty(database);
                while (database.giveBackSpace()) {
                    assertTrue(pages(database, "freelist_count") > 0);
                }
                fill(database);
                assertTrue(pages(database, "page_count") <= full * 11 / 10, "round " + i + ": " + pages(database, "page_count") + " pages after " + full);
            }
        }
    }

    @Test
    void a_file_made_without_this_mode_is_left_as_it_is() throws Exception {
        try (var connection = JDBC.createConnection("jdbc:sqlite:" + file(), new Properties()); var statement = connection.createStatement()) {
            statement.execute("PRAGMA auto_vacuum=NONE");
            statement.execute("CREATE TABLE nj_app (id integer)");
        }
        try (Database database = open()) {
            fill(database);
            empty(database);
            assertFalse(database.giveBackSpace());
        }
    }
}
