package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** MariaDB, by default at UTC+12:45, in Latin 1 and without strict modes. */
final class MariadbServer extends DatabaseServer {
    private final Path programs;

    MariadbServer(Path programs) {
        super("mariadb");
        this.programs = programs;
        try {
            Files.writeString(folder.resolve("init.sql"), "CREATE USER IF NOT EXISTS " + USER + "@'%' IDENTIFIED BY '" + PASSWORD.replace("'", "''") + "';\n"
                    + "GRANT ALL ON *.* TO " + USER + "@'%' WITH GRANT OPTION;\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        run(unprivileged(List.of("bash", programs.resolve("bin/mariadb-install-db").toString(), "--no-defaults", "--basedir=" + programs,
                "--datadir=" + folder.resolve("data"), "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve")));
    }

    @Override
    List<String> command() {
        return List.of(programs.resolve("sbin/mariadbd").toString(), "--no-defaults", "--basedir=" + programs, "--datadir=" + folder.resolve("data"),
                "--port=" + port, "--bind-address=127.0.0.1", "--socket=" + folder.resolve("s"), "--pid-file=" + folder.resolve("pid"),
                "--init-file=" + folder.resolve("init.sql"), "--skip-name-resolve", "--default-time-zone=+12:45", "--character-set-server=latin1",
                "--sql-mode=", "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=1");
    }

    @Override
    void end(Child running) {
        running.terminate(STOP_LIMIT);
    }

    @Override
    public String url(String database) {
        return "jdbc:mysql://127.0.0.1:" + port + "/" + database;
    }

    @Override
    String goUrl(String database, int through) {
        return USER + ":" + PASSWORD + "@tcp(127.0.0.1:" + through + ")/" + database + "?charset=utf8mb4&parseTime=True&loc=Local";
    }

    @Override
    StatementReader statements() {
        return new MysqlStatements();
    }

    private ProcessBuilder client(Path program, String... arguments) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults", "--host=127.0.0.1", "--port=" + port, "--user=" + USER));
        command.addAll(List.of(arguments));
        ProcessBuilder prepared = new ProcessBuilder(command);
        prepared.environment().put("MYSQL_PWD", PASSWORD);
        return prepared;
    }

    /** Its program comes in another package than the server's. */
    @Override
    public void dump(String database, Path file) {
        String folder = System.getenv().getOrDefault("NATSJOB_TEST_MARIADB_CLIENT", "/usr");
        run(client(Path.of(folder, "bin", "mariadb-dump"), "--single-transaction", database).redirectOutput(file.toFile()));
    }

    @Override
    public void restore(String database, Path file) {
        run(client(programs.resolve("bin/mariadb"), database).redirectInput(file.toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD));
    }

    /** Its times have no offset. */
    @Override
    String originalSql(String sql) {
        if (sql.startsWith("CREATE TABLE")) {
            return sql.replaceAll("`(status|deleted)` integer", "`$1` tinyint").replace(" integer", " bigint").replace(" text", " varchar(1024)")
                    .replace(" datetime", " datetime(6)") + " DEFAULT CHARSET=utf8mb4";
        }
        return sql.replaceAll("(\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,6})?)\\d*\\+00:00'", "$1'");
    }

    @Override
    public String type() {
        return "mysql";
    }

    @Override
    String anyDatabase() {
        return "mysql";
    }

    @Override
    String dropSql(String database) {
        return "DROP DATABASE " + database;
    }
}
