package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.store.Database;
import io.natsjob.store.StoreOptions;
import io.natsjob.testkit.OriginalDatabase;
import io.natsjob.time.Clock;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code import --dry-run} and {@code backup} as a user types them. */
final class ImportCommandTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) {
        out.reset();
        err.reset();
        return new Main(Map.of(), folder, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                config -> 99, demo -> { }).run(arguments);
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    private Path file() throws IOException {
        return Files.createDirectories(folder.resolve("data")).resolve("natsjob.db");
    }

    private Database open() throws IOException {
        return Database.open(new StoreOptions("sqlite", file().toString(), 1), Clock.system());
    }

    private List<String> dataFiles() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void a_dry_run_says_what_the_first_start_then_does_and_writes_nothing() throws IOException {
        OriginalDatabase.create(file());
        byte[] before = Files.readAllBytes(file());
        assertEquals(0, run("import", "--dry-run"), err());
        assertArrayEquals(before, Files.readAllBytes(file()));
        assertEquals(List.of("natsjob.db"), dataFiles());
        List<String> lines = out().lines().toList();
        assertEquals("dry run, nothing is written: " + file(), lines.getFirst());
        try (Database database = open()) {
            assertEquals(OriginalImport.once(database, ZoneId.of("UTC"), 1_800_000_000_000L), lines.subList(1, lines.size()));
        }
        assertEquals(0, run("import", "--dry-run"));
        assertTrue(out().contains("has imported the original's jobs in this database before"), out());
    }

    @Test
    void a_file_with_another_name_is_read_where_it_is_named() throws IOException {
        Path elsewhere = folder.resolve("old server.db");
        OriginalDatabase.create(elsewhere);
        for (String[] flags : new String[][] {{"--url-of-original", "old server.db"}, {"--url-of-original=" + elsewhere}}) {
            assertEquals(0, run(Stream.concat(Stream.of("import", "--dry-run"), Stream.of(flags)).toArray(String[]::new)), err());
            assertTrue(out().contains("job app/conc-one/owner: imported, enabled"), out());
        }
        assertEquals(2, run("import", "--dry-run", "--url-of-original"));
        assertTrue(err().contains("--url-of-original has no value"), err());
        assertEquals(2, run("import", "--dry-run", "--url-of-original", "root:hunter2@tcp(127.0.0.1:3306)/natsjob"));
        assertTrue(err().contains("names no SQLite file, while NATSJOB_DB_TYPE is sqlite") && !err().contains("hunter2"), err());
    }

    @Test
    void a_database_without_the_original_s_tables_says_so() throws IOException {
        open().close();
        assertEquals(0, run("import", "--dry-run"));
        assertTrue(out().contains("no tables of an original natsjob"), out());
    }

    @Test
    void a_file_that_a_server_has_open_is_refused() throws IOException {
        OriginalDatabase.create(file());
        try (Database database = open()) {
            assertEquals(1, run("import", "--dry-run"));
            assertTrue(err().contains("in use by another natsjob server") && database.up(), err());
        }
    }

    @Test
    void a_missing_file_and_a_missing_flag_are_told() {
        assertEquals(1, run("import", "--dry-run"));
        assertTrue(err().contains("there is no file " + folder.resolve("data/natsjob.db")), err());
        assertEquals(2, run("import"));
        assertTrue(err().contains("happens at the first start of the server") && err().contains("--dry-run"), err());
        assertEquals(2, run("import", "--dry-run", "--NOPE=1"));
        assertTrue(err().contains("unknown flag --NOPE"), err());
    }

    @Test
    void a_backup_of_dameng_names_its_tool() {
        assertEquals(2, run("backup", "copy.db", "--NATSJOB_DB_TYPE=dm", "--NATSJOB_DB_URL=dm://SYSDBA:hunter2@127.0.0.1:5236"));
        assertEquals("natsjob: backup copies SQLite files, and NATSJOB_DB_TYPE is dm: use dexp, as docs/database.md says under Backup and restore", err().strip());
    }

    @Test
    void a_backup_tells_size_and_time_and_replaces_only_with_force() throws IOException {
        try (Database database = open()) {
            assertEquals(0, run("backup", "copy.db"), err());
            assertTrue(out().matches("(?s)\\S+natsjob\\.db -> \\S+copy\\.db: 0\\.\\d MB in \\d+\\.\\d s\\R"), out());
            assertEquals(1, run("backup", "copy.db"));
            assertTrue(err().contains("copy.db exists") && err().contains("--force"), err());
            assertEquals(0, run("backup", "copy.db", "--force"), err());
            assertTrue(database.up());
        }
        assertEquals(2, run("backup"));
        assertTrue(err().contains("backup FILE [--force]"), err());
    }
}
