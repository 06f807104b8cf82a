package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException.Kind;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.UUID;

/**
 * Keeps a second server off a SQLite file: the operating system's lock on {@code <file>.lock}, held until close or until the
 * process ends, however it ends. The file itself stays behind; its text only names the last holder. Not a guard on
 * network drives that do not keep locks, nor between two hard links of the same file.
 */
final class ServerLock implements AutoCloseable {
    private static final Log LOG = Log.of("store");
    /** Far behind the text: Windows forbids others to read a locked range. */
    private static final long LOCKED_BYTE = Long.MAX_VALUE - 1;
    private static final int MAX_HOLDER_BYTES = 256;

    private final Path path;
    private final FileChannel channel;
    private final FileLock lock;

    private ServerLock(Path path, FileChannel channel, FileLock lock) {
        this.path = path;
        this.channel = channel;
        this.lock = lock;
    }

    /** @throws StoreException when another server holds it, naming the file, the holder and what to do */
    static ServerLock take(Path database) {
        Path path = beside(database);
        FileChannel channel = open(path);
        try {
            FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
            if (lock == null) {
                throw held(database, holder(channel));
            }
            ServerLock taken = new ServerLock(path, channel, lock);
            taken.sign();
            return taken;
        } catch (OverlappingFileLockException e) {
            close(channel);
            throw held(database, "this very process");
        } catch (IOException e) {
            close(channel);
            throw new StoreException(Kind.UNAVAILABLE, "cannot lock " + path + ": " + e.getMessage() + "; the database must lie on a local disk", e);
        } catch (RuntimeException e) {
            close(channel);
            throw e;
        }
    }

    /** As {@link #take}, without making a lock file where there is none: then no server has ever had the database open. */
    static Optional<ServerLock> takeIfThere(Path database) {
        return Files.exists(beside(database)) ? Optional.of(take(database)) : Optional.empty();
    }

    /** Of this very file: a copy has another key, a restart the same. By its place where the file system knows no better. */
    String key() {
        try {
            Object file = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            return UUID.nameUUIDFromBytes((file == null ? path.toRealPath() : file).toString().getBytes(StandardCharsets.UTF_8)).toString();
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot read " + path + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private static Path beside(Path database) {
        return database.resolveSibling(database.getFileName() + ".lock");
    }

    private static FileChannel open(Path path) {
        try {
            return FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot write " + path + " (" + e.getClass().getSimpleName()
                    + "): check owner and permissions of its folder, and whether the disk is read-only or full", e);
        }
    }

    private static StoreException held(Path database, String holder) {
        return new StoreException(Kind.UNAVAILABLE, database + " is in use by another natsjob server (" + holder
                + "): SQLite serves one server; stop that one, or give this one another file (NATSJOB_DB_URL)");
    }

    /** The text is read without a lock and may be half written: it is for people only. */
    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(MAX_HOLDER_BYTES);
        channel.read(text, 0);
        String holder = new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).strip();
        return holder.isEmpty() ? "its process id is unknown" : holder;
    }

    private void sign() throws IOException {
        channel.truncate(0);
        channel.write(ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8)), 0);
    }

    @Override
    public void close() {
        try {
            lock.release();
        } catch (IOException e) {
            LOG.warn("the server lock was not released; it is when the process ends", e);
        }
        close(channel);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.warn("the server lock's file did not close", e);
        }
    }
}
