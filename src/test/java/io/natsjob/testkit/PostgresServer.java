package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** PostgreSQL, with fsync, by default in the zone of the Chatham islands and with serializable transactions. */
final class PostgresServer extends DatabaseServer {
    private final Path programs;

    PostgresServer(Path programs) {
        super("postgres");
        this.programs = programs;
        try {
            Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
            run(unprivileged(List.of(programs.resolve("initdb").toString(), "-D", folder.resolve("data").toString(), "-U", USER, "-A", "scram-sha-256",
                    "--pwfile=" + password, "-E", "UTF8", "--locale=C")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    List<String> command() {
        return List.of(programs.resolve("postgres").toString(), "-D", folder.resolve("data").toString(), "-p", Integer.toString(port),
                "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories=", "-c", "timezone=Pacific/Chatham",
                "-c", "default_transaction_isolation=serializable", "-c", "fsync=on");
    }

    @Override
    void end(Child running) {
        running.interrupt(STOP_LIMIT);
    }

    @Override
    public String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    String goUrl(String database, int through) {
        return "host=127.0.0.1 user=" + USER + " password='" + PASSWORD.replace("'", "\\'") + "' port=" + through + " dbname=" + database
                + " sslmode=disable TimeZone=Asia/Shanghai";
    }

    @Override
    StatementReader statements() {
        return new PostgresStatements();
    }

    @Override
    String anyDatabase() {
        return "postgres";
    }

    @Override
    String dropSql(String database) {
        return "DROP DATABASE " + database + " WITH (FORCE)";
    }
}
