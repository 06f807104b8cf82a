package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A database server of a test, on a free loopback port, its files in a folder of its own; it keeps both over {@link #stop},
 * {@link #kill} and {@link #start}. Its own defaults are as unhelpful as they may be met: an odd time zone, and what else the
 * subclass says.
 */
public abstract class DatabaseServer implements AutoCloseable {
    public static final String USER = "natsjob";
    public static final String PASSWORD = "p@ss:w/o?r#d%20'x";
    static final Duration START_LIMIT = Duration.ofSeconds(60);
    static final Duration STOP_LIMIT = Duration.ofSeconds(30);
    private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
    private static final String NOBODY = "65534";

    final Path folder;
    final int port = Ports.free();
    private final String kind;
    private final AtomicInteger databases = new AtomicInteger();
    private Child process;

    DatabaseServer(String kind) {
        this.kind = kind;
        this.folder = Child.temporaryFolder("natsjob-" + kind + "-");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close));
        if (ROOT) {
            run(List.of("chown", NOBODY, folder.toString()));
        }
    }

    /** The command that serves in the foreground. */
    abstract List<String> command();

    abstract void end(Child running);

    /** For JDBC, without login. */
    public abstract String url(String database);

    /** As users of the original product write it, with login. */
    public final String goUrl(String database) {
        return goUrl(database, port);
    }

    /** The same through another port of the loopback address. */
    abstract String goUrl(String database, int through);

    /** Reads what a client sends to it, without TLS; one for each connection. */
    abstract StatementReader statements();

    /** A statement of the original's SQLite script, in this server's types. */
    abstract String originalSql(String sql);

    /** The word of NATSJOB_DB_TYPE. */
    public abstract String type();

    /** The name of a database that is always there. */
    abstract String anyDatabase();

    abstract String dropSql(String database);

    /** Neither server runs as root, as both should not. */
    static List<String> unprivileged(List<String> command) {
        if (!ROOT) {
            return command;
        }
        List<String> whole = new ArrayList<>(List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups"));
        whole.addAll(command);
        return whole;
    }

    /** Starts it, or starts it again, and returns when it takes logins. */
    public DatabaseServer start() {
        process = Child.start(kind, unprivileged(command()), folder, log(), Map.of());
        Eventually.await(kind + " takes logins on port " + port, START_LIMIT, () -> {
            if (!process.alive()) {
                throw new AssertionError(kind + " ended at once:\n" + Child.tail(log()));
            }
            try (Connection connection = connect(anyDatabase())) {
                return connection.isValid(5);
            } catch (SQLException notYet) {
                return false;
            }
        });
        return this;
    }

    private Path log() {
        return folder.resolve("server.log");
    }

    /** A clean stop that does not wait for clients. */
    public void stop() {
        end(process);
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    public int port() {
        return port;
    }

    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(url(database), USER, PASSWORD);
    }

    /** The name of a new, empty database. */
    public String create() {
        String name = "natsjob_" + databases.incrementAndGet();
        execute("CREATE DATABASE " + name);
        return name;
    }

    public void drop(String database) {
        execute(dropSql(database));
    }

    private void execute(String sql) {
        try (Connection connection = connect(anyDatabase()); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(sql + ": " + e.getMessage(), e);
        }
    }

    /** Copies a database into a file, while others use it, as docs/database.md says. */
    public abstract void dump(String database, Path file);

    /** Puts such a copy into an empty database, as docs/database.md says. */
    public abstract void restore(String database, Path file);

    /** Runs a program of the server's to its end. */
    void run(List<String> command) {
        run(new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile())));
    }

    /** The same with its input, output and environment; its errors are in the log. */
    void run(ProcessBuilder prepared) {
        List<String> command = prepared.command();
        try {
            Process program = prepared.directory(folder.toFile()).redirectError(ProcessBuilder.Redirect.appendTo(log().toFile())).start();
            if (!program.waitFor(START_LIMIT.toSeconds(), TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new AssertionError(command + " failed:\n" + Child.tail(log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Kills it and deletes its files. */
    @Override
    public synchronized void close() {
        if (process != null && process.alive()) {
            process.kill();
        }
        process = null;
        if (folder.toFile().exists()) {
            Child.deleteFolder(folder);
        }
    }
}
