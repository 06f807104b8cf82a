package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException.Kind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.JDBC;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;

/**
 * Copies a SQLite database while a server, in another process or this one, reads and writes it. The copy holds everything
 * committed before the copying began and nothing of what came later; nobody waits for it. Meanwhile the server's {@code -wal}
 * file grows by what is written. The copy gets its name only when it is complete and synced.
 */
public final class Backup {
    /** Copied between two reports of progress: about 10 MB. */
    private static final int PAGES_PER_STEP = 2_560;
    private static final int BUSY_MILLIS = 5_000;
    private static final int BUSY_PAUSE_MILLIS = 50;
    private static final Log LOG = Log.of("store");

    private final Path source;
    private final Path target;
    private final boolean replace;

    /** Told while the copy grows. */
    @FunctionalInterface
    public interface Progress {
        /** Of {@code total} bytes. */
        void copied(long bytes, long total);
    }

    private Backup(Path source, Path target, boolean replace) {
        this.source = source.toAbsolutePath();
        this.target = target.toAbsolutePath();
        this.replace = replace;
    }

    /**
     * @param replace whether a file that stands at {@code target} is replaced
     * @return the size of the copy in bytes
     * @throws StoreException with the reason in plain words; {@code target} is untouched then
     */
    public static long copy(Path source, Path target, boolean replace, Progress progress) {
        return new Backup(source, target, replace).run(progress);
    }

    private long run(Progress progress) {
        try {
            check();
            Path part = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
            try {
                create(part);
                pages(part, progress);
                sync(part);
                publish(part);
            } finally {
                Files.deleteIfExists(part);
                Files.deleteIfExists(part.resolveSibling(part.getFileName() + "-journal"));
            }
            return Files.size(target);
        } catch (IOException e) {
            throw refused("cannot write " + target + " (" + e.getClass().getSimpleName()
                    + "): check that its folder exists, its owner and permissions, and whether the disk is read-only or full");
        }
    }

    private void check() throws IOException {
        if (!Files.isRegularFile(source)) {
            throw refused("there is no database " + source);
        }
        if (Files.isDirectory(target)) {
            throw refused(target + " is a folder, expected the name of a file");
        }
        if (Files.exists(target) && Files.isSameFile(source, target)) {
            throw refused(target + " is the database itself");
        }
        if (Files.exists(target) && !replace) {
            throw refused(target + " exists: name another file, or give --force to replace it");
        }
        // Left by whoever has that database open, or did not close it: it would be applied to the copy.
        for (String rest : new String[] {"-wal", "-journal"}) {
            Path beside = target.resolveSibling(target.getFileName() + rest);
            if (Files.exists(beside)) {
                throw refused(beside + " exists, so " + target + " is a database in use: name another file");
            }
        }
    }

    private static void create(Path part) throws IOException {
        FileAttribute<?>[] mine = part.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))} : new FileAttribute<?>[0];
        Files.createFile(part, mine);
    }

    /** The read transaction around it pins one state: without it SQLite would begin anew after each commit of the server. */
    private void pages(Path part, Progress progress) {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        SqliteLibrary.ensureLoaded();
        try (Connection connection = JDBC.createConnection("jdbc:sqlite:" + source, config.toProperties()); Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA query_only=ON");
            long pageBytes = number(statement, "PRAGMA page_size");
            connection.setAutoCommit(false);
            number(statement, "SELECT COUNT(*) FROM sqlite_master");
            int code = ((SQLiteConnection) connection).getDatabase().backup("main", part.toString(),
                    (remaining, pages) -> progress.copied((pages - remaining) * pageBytes, pages * pageBytes), BUSY_PAUSE_MILLIS, BUSY_MILLIS / BUSY_PAUSE_MILLIS,
                    PAGES_PER_STEP);
            connection.rollback();
            if (code != 0) {
                throw refused("the copy of " + source + " to " + part + " failed with SQLite's code " + code + ": check the space on the disk");
            }
        } catch (SQLException e) {
            throw SqliteErrors.of(source, "copy the database", e);
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (var rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getLong(1) : 0;
        }
    }

    private static void sync(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    private void publish(Path part) throws IOException {
        if (replace) {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.move(part, target);
        }
        try (FileChannel folder = FileChannel.open(target.getParent(), StandardOpenOption.READ)) {
            folder.force(true);
        } catch (IOException e) {
            // Windows opens no folder; the copy itself is synced
            LOG.debug("the folder of a backup was not synced", "reason", e.getMessage());
        }
    }

    private static StoreException refused(String message) {
        return new StoreException(Kind.UNAVAILABLE, message);
    }
}
