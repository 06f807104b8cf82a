package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException.Kind;
import io.natsjob.time.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/** SQLite behind one writing and two reading threads, each with a connection of its own. */
final class SqliteDatabase implements Database {
    private static final Log LOG = Log.of("store");
    private static final int READERS = 2;
    private static final long CLOSE_MILLIS = 10_000;

    private final Dialect dialect;
    private final ServerLock lock;
    private final TimeLimits limits;
    private final Health health;
    private final BatchPace pace;
    private final WorkQueue writes = new WorkQueue();
    private final WorkQueue reads = new WorkQueue();
    private final Worker writer;
    private final List<Worker> readers;

    private SqliteDatabase(Dialect dialect, ServerLock lock, Session writing, Clock clock, TimeLimits limits) {
        this.dialect = dialect;
        this.lock = lock;
        this.limits = limits;
        this.health = new Health(clock);
        this.pace = new BatchPace(clock);
        this.writer = new Worker("store-writer", writes, writing, health, pace, clock);
        this.readers = IntStream.rangeClosed(1, READERS)
                .mapToObj(i -> new Worker("store-reader-" + i, reads, new Session(dialect, false, clock, limits), health, pace, clock)).toList();
    }

    static Database open(StoreOptions options, Clock clock, TimeLimits limits) {
        Path file = locate(options.url());
        ServerLock lock = ServerLock.take(file);
        Dialect dialect = new SqliteDialect(file, (int) limits.statement());
        Session session = new Session(dialect, true, clock, limits);
        try {
            makePrivate(file);
            Migrations.run(session, dialect);
        } catch (RuntimeException e) {
            session.close();
            lock.close();
            throw e;
        }
        return new SqliteDatabase(dialect, lock, session, clock, limits);
    }

    static <T> T peek(StoreOptions options, Clock clock, Function<Sql, T> work) {
        Path file = existing(options.url());
        TimeLimits limits = TimeLimits.DEFAULT;
        Optional<ServerLock> lock = ServerLock.takeIfThere(file);
        try (Session session = new Session(new SqliteDialect(file, (int) limits.statement()), false, clock, limits)) {
            return session.transaction(false, work);
        } finally {
            lock.ifPresent(ServerLock::close);
        }
    }

    private static Path existing(String url) {
        if (!Files.isRegularFile(Path.of(url))) {
            throw new StoreException(Kind.UNAVAILABLE, "there is no file " + url);
        }
        return locate(url);
    }

    /** Resolves links, so that two names of one file meet at one lock. */
    private static Path locate(String url) {
        try {
            Path file = Path.of(url);
            Path folder = file.toAbsolutePath().getParent();
            if (folder == null || Files.isDirectory(file)) {
                throw new StoreException(Kind.UNAVAILABLE, "cannot open the database " + url + ": it is a folder, expected a file");
            }
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
            }
            return Files.exists(file) && Files.isSymbolicLink(file) ? file.toRealPath() : file;
        } catch (IOException | InvalidPathException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot make the folder of the database " + url + " (" + e.getClass().getSimpleName()
                    + "): check the path, and owner and permissions of its folders", e);
        }
    }

    /** A new file is its owner's alone, since it holds the signing key; SQLite gives its journal the same permissions. */
    private static void makePrivate(Path file) {
        if (Files.exists(file) || !file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return;
        }
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (IOException e) {
            throw new StoreException(Kind.UNAVAILABLE, "cannot create the database " + file + " (" + e.getClass().getSimpleName()
                    + "): check owner and permissions of its folder, and whether the disk is read-only or full", e);
        }
    }

    @Override
    public <T> T read(Function<Sql, T> work) {
        return run(reads, false, new Work<>(Priority.CLAIM, false, work));
    }

    @Override
    public <T> T write(Priority priority, Function<Sql, T> work) {
        return run(writes, true, new Work<>(priority, false, work));
    }

    @Override
    public <T> T writeDurably(Priority priority, Function<Sql, T> work) {
        return run(writes, true, new Work<>(priority, true, work));
    }

    private <T> T run(WorkQueue queue, boolean writing, Work<T> work) {
        queue.put(work);
        return work.await(limits, writing, () -> queue.remove(work), health);
    }

    /** Writes that wait for their begin. */
    int waitingWrites() {
        return writes.size();
    }

    @Override
    public int parallelBatches() {
        return 1;
    }

    @Override
    public int batchRows() {
        return pace.rows();
    }

    @Override
    public boolean giveBackSpace() {
        return write(Priority.RETENTION, dialect::giveBackSpace);
    }

    @Override
    public void claimDueAt(long millis) {
        pace.claimDueAt(millis);
    }

    @Override
    public Outage outage() {
        return health.outage();
    }

    @Override
    public String lockKey() {
        return lock.key();
    }

    @Override
    public String describe() {
        return dialect.describe();
    }

    /** Readers first: SQLite writes the journal back when its last connection closes, and a reader could not. */
    @Override
    public void close() {
        end(reads, readers);
        if (end(writes, List.of(writer))) {
            lock.close();
        } else {
            LOG.warn("the database did not close in time; its lock is released when the process ends", "millis", CLOSE_MILLIS);
        }
    }

    private static boolean end(WorkQueue queue, List<Worker> workers) {
        queue.close();
        boolean ended = true;
        for (Worker worker : workers) {
            ended &= worker.join(CLOSE_MILLIS);
        }
        StoreException closing = new StoreException(Kind.UNAVAILABLE, "the database is closing: the work was withdrawn before it began");
        queue.drain().forEach(work -> work.refuse(closing));
        return ended;
    }
}
