package io.natsjob.store;

import io.natsjob.log.Log;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.sqlite.SQLiteJDBCLoader;

/**
 * Loads SQLite's native library from a folder of this process alone, which is removed at once: the loaded library needs no file. Windows keeps a
 * loaded file, and a process killed in between leaves its folder; the next start removes every such folder whose process has
 * ended, told by a lock. The driver by itself leaves a copy of some megabytes at each kill. Where no folder can be made it does so still.
 */
final class SqliteLibrary {
    static final String PREFIX = "natsjob-sqlite-";
    static final String LOCK = "lock";
    private static final String FOLDER_PROPERTY = "org.sqlite.tmpdir";
    private static final int TRIES = 10;
    private static final Log LOG = Log.of("store");

    /** The library is loaded once, when this class is. */
    private static final class Once {
        static {
            load(Path.of(System.getProperty(FOLDER_PROPERTY, System.getProperty("java.io.tmpdir"))));
        }

        private Once() {}

        static void now() {
            // the class is initialized by then
        }
    }

    /** A folder that nobody else uses while the lock is held. */
    private record Own(Path folder, FileChannel channel) {}

    private SqliteLibrary() {}

    /** Loads it if it is not loaded yet. A failure is left to the first connection, which tells it. */
    static void ensureLoaded() {
        Once.now();
    }

    private static void load(Path temporary) {
        removeLeft(temporary);
        String before = System.getProperty(FOLDER_PROPERTY);
        try {
            Own own = make(temporary);
            try {
                System.setProperty(FOLDER_PROPERTY, own.folder.toString());
                SQLiteJDBCLoader.initialize();
            } finally {
                restore(before);
                remove(own.folder);
                own.channel.close();
            }
        } catch (Exception e) {
            LOG.debug("the native library of SQLite is loaded by the driver's own way", "folder", temporary, "why", e);
        }
    }

    private static void restore(String before) {
        if (before == null) {
            System.clearProperty(FOLDER_PROPERTY);
        } else {
            System.setProperty(FOLDER_PROPERTY, before);
        }
    }

    /** Another start may take the folder for one that was left before its lock is held: then the next try makes another. */
    private static Own make(Path temporary) throws IOException {
        for (int i = 0; i < TRIES; i++) {
            Path folder = Files.createTempDirectory(temporary, PREFIX);
            Path file = folder.resolve(LOCK);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            if (channel.tryLock() != null && Files.exists(file)) {
                return new Own(folder, channel);
            }
            channel.close();
        }
        throw new IOException("no folder of its own below " + temporary);
    }

    /** Removes the folders of processes that have ended. What cannot be looked at or removed, as another user's, stays. */
    static void removeLeft(Path temporary) {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(temporary, PREFIX + "*")) {
            for (Path folder : folders) {
                removeIfLeft(folder);
            }
        } catch (IOException e) {
            LOG.debug("left copies of SQLite's native library were not looked for", "folder", temporary, "why", e);
        }
    }

    private static void removeIfLeft(Path folder) {
        // Without CREATE: a folder whose process has not come to its lock yet stays.
        try (FileChannel channel = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE); FileLock lock = channel.tryLock()) {
            if (lock != null) {
                remove(folder);
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("a copy of SQLite's native library stays", "folder", folder, "why", e);
        }
    }

    /** The lock file last but for the folder: what is left of an interrupted removal is still found. */
    private static void remove(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> copies = files.filter(file -> !file.endsWith(LOCK)).toList();
            for (Path copy : copies) {
                Files.delete(copy);
            }
            Files.deleteIfExists(folder.resolve(LOCK));
            Files.delete(folder);
        } catch (IOException e) {
            LOG.debug("a copy of SQLite's native library stays until a later start", "folder", folder, "why", e);
        }
    }
}
