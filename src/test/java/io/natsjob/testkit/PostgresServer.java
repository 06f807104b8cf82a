package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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

    private void client(String program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(programs.resolve(program).toString(), "--no-owner", "--host=127.0.0.1", "--port=" + port, "--username=" + USER));
        command.addAll(List.of(arguments));
        ProcessBuilder prepared = new ProcessBuilder(command);
        prepared.environment().put("PGPASSWORD", PASSWORD);
        run(prepared);
    }

    @Override
    public void dump(String database, Path file) {
        client("pg_dump", "--format=custom", "--file=" + file, database);
    }

    @Override
    public void restore(String database, Path file) {
        client("pg_restore", "--exit-on-error", "--single-transaction", "--dbname=" + database, file.toString());
    }

    @Override
    String originalSql(String sql) {
        String plain = sql.replace("`", "\"");
        return !plain.startsWith("CREATE TABLE") ? plain : plain.replaceAll("\"(status|deleted)\" integer", "\"$1\" smallint").replace(" integer", " bigint")
                .replace(" text", " varchar(1024)").replace(" datetime", " timestamp(6) with time zone");
    }

    @Override
    public String type() {
        return "postgres";
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
