package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SqliteLibraryTest {
    @TempDir
    Path folder;

    /** Opens a database and ends as after {@code kill -9}: nothing of the process cleans up. */
    static final class Killed {
        private Killed() {}

        public static void main(String... file) {
            try (Database database = Database.open(new StoreOptions("sqlite", file[0], 1), Clock.system())) {
                Runtime.getRuntime().halt(database.read(LeaderTable::read).term() == 0 ? 0 : 1);
            }
        }
    }

    @Test
    void processes_that_start_at_once_and_are_killed_leave_no_copy_of_the_library() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("temporary"));
        Path left = leftFolder(temporary, "left");
        List<Process> started = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            started.add(start(temporary, folder.resolve("natsjob-" + i + ".db")));
        }
        for (Process process : started) {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(0, process.exitValue(), () -> output(process));
        }
        assertFalse(Files.exists(left));
        assertEquals(List.of(), names(temporary).stream().filter(name -> name.contains("sqlite")).toList());
    }

    @Test
    void a_folder_whose_process_lives_or_that_has_no_lock_yet_stays() throws IOException {
        Path living = leftFolder(folder, "living");
        Path young = Files.createDirectory(folder.resolve(SqliteLibrary.PREFIX + "young"));
        Path dead = leftFolder(folder, "dead");
        Path other = Files.createDirectory(folder.resolve("other"));
        try (FileChannel channel = FileChannel.open(living.resolve(SqliteLibrary.LOCK), StandardOpenOption.WRITE)) {
            channel.lock();
            SqliteLibrary.removeLeft(folder);
        }
        assertTrue(Files.exists(living.resolve("libsqlitejdbc.so")));
        assertTrue(Files.exists(young) && Files.exists(other));
        assertFalse(Files.exists(dead));
        SqliteLibrary.removeLeft(folder);
        assertFalse(Files.exists(living));
    }

    private static Path leftFolder(Path parent, String name) throws IOException {
        Path made = Files.createDirectory(parent.resolve(SqliteLibrary.PREFIX + name));
        Files.writeString(made.resolve("libsqlitejdbc.so"), "x");
        Files.createFile(made.resolve(SqliteLibrary.LOCK));
        return made;
    }

    private static Process start(Path temporary, Path database) throws IOException {
        return new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Djava.io.tmpdir=" + temporary, "-XX:TieredStopAtLevel=1",
                "-Xmx64m", "-cp", System.getProperty("java.class.path"), Killed.class.getName(), database.toString()).redirectErrorStream(true).start();
    }

    private static String output(Process process) {
        try {
            return new String(process.getInputStream().readAllBytes());
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.map(file -> folder.relativize(file).toString()).sorted().toList();
        }
    }
}
