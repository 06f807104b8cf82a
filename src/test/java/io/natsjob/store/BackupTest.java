package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class BackupTest {
    private static final String TEXT = "x".repeat(1_000);

    @TempDir
    private Path folder;
    private Database database;

    private Path file() {
        return folder.resolve("natsjob.db");
    }

    private Path copy() {
        return folder.resolve("copy.db");
    }

    private static Database open(Path file) {
        return Database.open(new StoreOptions("sqlite", file.toString(), 1), Clock.system());
    }

    @BeforeEach
    void start() {
        database = open(file());
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** One transaction over two tables, so that a copy made in the middle of one would show. */
    private void write(long from, int rows) {
        database.write(Priority.ANSWERS, sql -> {
            List<Object[]> parked = new ArrayList<>();
            List<Tally> tallies = new ArrayList<>();
            for (long i = from; i < from + rows; i++) {
                parked.add(new Object[] {i, i, "k", TEXT, "r"});
                tallies.add(new Tally(i, 0, "sent", 1, i));
            }
            sql.batch("INSERT INTO natsjob_parked (id, parked_at, key_text, payload, reason) VALUES (?, ?, ?, ?, ?)", parked);
            TallyTable.add(sql, 0, tallies);
            return null;
        });
    }

    private static long count(Database database, String what) {
        return database.read(sql -> sql.one("SELECT " + what, row -> row.longAt(1))).orElseThrow();
    }

    private String refusal(Path source, Path target, boolean replace) {
        return assertThrows(StoreException.class, () -> Backup.copy(source, target, replace, (bytes, total) -> { })).getMessage();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.startsWith("natsjob.db")).sorted().toList();
        }
    }

    @Test
    void a_copy_made_under_write_load_is_one_consistent_state() throws Exception {
        for (int i = 0; i < 40; i++) {
            write(i * 500L, 500);
        }
        AtomicLong written = new AtomicLong(20_000);
        AtomicBoolean enough = new AtomicBoolean();
        CountDownLatch writing = new CountDownLatch(1);
        Thread load = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                write(written.get(), 10);
                written.addAndGet(10);
                writing.countDown();
            }
        });
        writing.await();
        long before = written.get();
        AtomicLong during = new AtomicLong();
        List<Long> told = new ArrayList<>();
        long size = Backup.copy(file(), copy(), false, (bytes, total) -> {
            told.add(bytes);
            assertTrue(bytes <= total);
            long now = written.get();
            while (written.get() < now + 20) { // the writer goes on between two steps of the copy
                Thread.onSpinWait();
            }
            during.set(written.get());
        });
        enough.set(true);
        load.join();
        assertTrue(told.size() >= 2, "copied in steps: " + told);
        assertTrue(during.get() > before);
        assertEquals(Files.size(copy()), size);
        try (Database restored = open(copy())) {
            assertEquals("ok", restored.read(sql -> sql.one("PRAGMA integrity_check", row -> row.text(1))).orElseThrow());
            long parked = count(restored, "COUNT(*) FROM natsjob_parked");
            assertEquals(parked, count(restored, "COUNT(*) FROM natsjob_tally"));
            assertEquals(parked, count(restored, "MAX(id) + 1 FROM natsjob_parked"), "no row is missing in between");
            assertTrue(parked >= before && parked < during.get(), before + " <= " + parked + " < " + during.get());
            assertEquals(2, count(restored, "auto_vacuum FROM pragma_auto_vacuum"), "incremental, as in the original");
        }
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void a_copy_belongs_to_its_owner_alone_and_nothing_is_left_beside_it() throws IOException {
        Backup.copy(file(), copy(), false, (bytes, total) -> { });
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(copy())));
        assertEquals(List.of("copy.db"), files());
    }

    @Test
    void a_file_that_stands_there_is_replaced_only_when_told_to() throws IOException {
        Files.writeString(copy(), "my notes");
        assertTrue(refusal(file(), copy(), false).contains("exists: name another file, or give --force"));
        assertEquals("my notes", Files.readString(copy()));
        Backup.copy(file(), copy(), true, (bytes, total) -> { });
        open(copy()).close();
    }

    @Test
    void the_database_itself_a_folder_and_a_database_in_use_are_no_targets() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("link.db"), file());
        assertTrue(refusal(file(), file(), true).contains("is the database itself"));
        assertTrue(refusal(file(), link, true).contains("is the database itself"));
        assertTrue(refusal(file(), folder, true).contains("is a folder"));
        try (Database other = open(copy())) {
            assertTrue(refusal(file(), copy(), true).contains("is a database in use"));
            assertTrue(other.up());
        }
    }

    @Test
    void a_copy_that_fails_leaves_no_file() throws IOException {
        assertTrue(refusal(folder.resolve("none.db"), copy(), false).contains("there is no database"));
        assertTrue(refusal(file(), folder.resolve("no/where.db"), false).contains("check that its folder exists"));
        Path notes = Files.writeString(folder.resolve("notes.txt"), "not a database ".repeat(1_000));
        assertTrue(refusal(notes, copy(), false).contains("is not a SQLite database"));
        assertThrows(IllegalStateException.class, () -> Backup.copy(file(), copy(), false, (bytes, total) -> {
            throw new IllegalStateException("on purpose");
        }));
        assertEquals(List.of("notes.txt"), files());
        assertFalse(Files.exists(folder.resolve("none.db")));
    }

    @Test
    void a_database_that_nobody_has_open_is_copied_too() {
        database.close();
        Backup.copy(file(), copy(), false, (bytes, total) -> { });
        open(copy()).close();
        database = open(file());
    }
}
