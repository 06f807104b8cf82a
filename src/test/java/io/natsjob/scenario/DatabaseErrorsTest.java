package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Databases;
import io.natsjob.testkit.OldPostgres;
import io.natsjob.testkit.Ports;
import io.natsjob.testkit.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each kind of wrong NATSJOB_DB_URL and of database that cannot be used, met by the jar as users start it: it ends with the
 * status and the plain reason that are expected, without a stack trace, and writes the password nowhere.
 */
@Tag("database")
final class DatabaseErrorsTest {
    private static final String SECRET = FailedStart.SECRET;
    private static final int REFUSED = 1;
    private static final int MISCONFIGURED = 2;

    @TempDir
    private Path folder;

    private final Verdict verdict = new Verdict("database errors");

    private void expect(int status, String type, String url, String... says) {
        Map<String, String> settings = type.isEmpty() ? Map.of("NATSJOB_DB_URL", url) : Map.of("NATSJOB_DB_TYPE", type, "NATSJOB_DB_URL", url);
        FailedStart seen = FailedStart.of(settings);
        List<String> faults = seen.faults(status, says);
        verdict.that((type.isEmpty() ? "no type" : type) + " " + url.replace(folder.toString(), "...").replace(SECRET, "***"),
                "status " + status + ", no stack trace, no password, and \"" + String.join("\" ... \"", says) + "\"",
                "status " + seen.status() + ", \"" + seen.message() + "\"" + (faults.isEmpty() ? "" : "; wrong: " + faults), faults.isEmpty());
    }

    @Test
    @Timeout(600)
    void every_wrong_url_and_every_database_that_cannot_be_used_has_its_message() throws Exception {
        misconfigured();
        wrongMysqlUrls();
        wrongOtherUrls();
        refusedOptions();
        unreachable("mysql", Databases.mariadb());
        unreachable("postgres", Databases.postgres());
        unusableMariadb(Databases.mariadb());
        unusablePostgres(Databases.postgres());
        sqlite();
        leftoverUrl();
        verdict.done();
    }

    private void misconfigured() {
        expect(MISCONFIGURED, "oracle", "oracle://u:" + SECRET + "@h/d", "NATSJOB_DB_TYPE=oracle", "expected sqlite|mysql|postgres|dm");
        expect(MISCONFIGURED, "postgres", "", "NATSJOB_DB_URL is not set", "NATSJOB_DB_TYPE=postgres needs the address of the server");
        expect(MISCONFIGURED, "", "root:" + SECRET + "@tcp(127.0.0.1:3306)/natsjob", "the URL of another database", "set NATSJOB_DB_TYPE to mysql, postgres or dm");
        expect(MISCONFIGURED, "sqlite", "data/natsjob.db?mode=ro", "options after ? are not accepted");
        expect(MISCONFIGURED, "sqlite", ":memory:", "a database in memory would lose every run");
    }

    private void wrongMysqlUrls() {
        expect(REFUSED, "mysql", "maria://root:" + SECRET + "@h/natsjob", "NATSJOB_DB_URL is not allowed", "its scheme is unknown");
        expect(REFUSED, "mysql", "jdbc:sqlserver://h;password=" + SECRET, "its JDBC driver is not one of");
        expect(REFUSED, "mysql", "host=h user=u password=" + SECRET, "it is a URL of PostgreSQL", "while NATSJOB_DB_TYPE is mysql");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(127.0.0.1:3306)", "no / before the database");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(127.0.0.1:3306)/", "the database is missing");
        expect(REFUSED, "mysql", ":" + SECRET + "@tcp(127.0.0.1:3306)/natsjob", "the user is missing");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(127.0.0.1:70000)/natsjob", "the port is not a number 1..65535");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(:3306)/natsjob", "the host is missing");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(::1)/natsjob", "an IPv6 address stands in brackets");
        expect(REFUSED, "mysql", "root:" + SECRET + "@unix(/run/mysqld.sock)/natsjob", "a Unix socket: the Java driver connects by TCP only");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(h:1)/natsjob?parseTime=%zz", "a % that begins no percent-encoding");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(h:1)/natsjob?parseTime=%ff", "its percent-encoding is not UTF-8");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(h:1)/natsjob?charset=latin1", "charset", "utf8mb4");
        expect(REFUSED, "mysql", "root:" + SECRET + "@tcp(h:1)/natsjob?foo=1", "option foo is unknown here");
        expect(REFUSED, "mysql", "jdbc:mysql://a,b/d?user=u&password=" + SECRET, "several hosts: name one");
    }

    private void wrongOtherUrls() {
        expect(REFUSED, "postgres", "root:" + SECRET + "@tcp(h:1)/natsjob", "it is a URL of MySQL", "while NATSJOB_DB_TYPE is postgres");
        expect(REFUSED, "postgres", "host=h dbname=natsjob password=" + SECRET, "the user is missing");
        expect(REFUSED, "postgres", "host=h port=x user=u password=" + SECRET + " dbname=d", "the port is not a number 1..65535");
        expect(REFUSED, "postgres", "host=h user=u password='" + SECRET, "a value in quotes is not closed");
        expect(REFUSED, "postgres", "postgres://u:100%" + SECRET + "@h/natsjob", "a % that begins no percent-encoding");
        expect(REFUSED, "postgres", "jdbc:postgresql:natsjob?user=u&password=" + SECRET, "after jdbc:postgresql: must come //host:port");
        expect(REFUSED, "dm", "SYSDBA:" + SECRET + "@h:5236", "it does not begin with dm:// or jdbc:dm://");
        expect(REFUSED, "dm", "dm://SYSDBA:" + SECRET + "@h:5236/natsjob", "the schema is named as ?schema=natsjob");
    }

    private void refusedOptions() {
        for (String option : List.of("autoDeserialize=true", "allowLoadLocalInfile=true", "allowUrlInLocalInfile=true", "queryInterceptors=a.B", "propertiesTransform=a.B")) {
            refusedOption("mysql", "jdbc:mysql://127.0.0.1/natsjob?user=u&password=" + SECRET + "&" + option, option);
        }
        refusedOption("mysql", "u:" + SECRET + "@tcp(127.0.0.1:3306)/natsjob?allowAllFiles=true", "allowAllFiles=true");
        for (String option : List.of("socketFactory=a.B", "loggerFile=x", "sslfactory=a.B", "options=-c%20x")) {
            refusedOption("postgres", "jdbc:postgresql://127.0.0.1/natsjob?user=u&password=" + SECRET + "&" + option, option);
        }
        refusedOption("postgres", "host=h user=u password=" + SECRET + " dbname=d passfile=/x", "passfile=");
        refusedOption("dm", "dm://SYSDBA:" + SECRET + "@127.0.0.1:5236?schema=natsjob&logDir=x", "logDir=x");
    }

    private void refusedOption(String type, String url, String option) {
        expect(REFUSED, type, url, "NATSJOB_DB_URL is not allowed: option " + option.substring(0, option.indexOf('=')) + " is refused");
    }

    private static String url(String type, String user, String place, String database) {
        int colon = place.indexOf(':');
        return type.equals("mysql") ? user + ":" + SECRET + "@tcp(" + place + ")/" + database
                : "host=" + place.substring(0, colon) + " port=" + place.substring(colon + 1) + " user=" + user + " password=" + SECRET + " dbname=" + database;
    }

    private void unreachable(String type, DatabaseServer server) throws IOException {
        int closed = Ports.free();
        expect(REFUSED, type, url(type, "u", "no-such-host.invalid:1", "natsjob"), "cannot open the database: ", "no-such-host.invalid:1 is unknown", "name service");
        expect(REFUSED, type, url(type, "u", "127.0.0.1:" + closed, "natsjob"), "127.0.0.1:" + closed + " refused the connection", "check host and port in NATSJOB_DB_URL");
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
            long begun = System.nanoTime();
            expect(REFUSED, type, url(type, "u", "127.0.0.1:" + silent.getLocalPort(), "natsjob"), "127.0.0.1:" + silent.getLocalPort() + " did not answer in time");
            verdict.atMost(type + ", who accepts and says nothing: seconds until that is told", 30, (System.nanoTime() - begun) / 1_000_000 / 1e3);
        }
        expect(REFUSED, type, url(type, DatabaseServer.USER, "127.0.0.1:" + server.port(), "natsjob"), "wrong user or password", "check NATSJOB_DB_URL");
        expect(REFUSED, type, url(type, "nobody-known", "127.0.0.1:" + server.port(), "natsjob"), "wrong user or password");
        String tls = type.equals("mysql") ? "?tls=skip-verify" : " sslmode=require";
        expect(REFUSED, type, url(type, DatabaseServer.USER, "127.0.0.1:" + server.port(), "natsjob") + tls, "TLS");
    }

    /** A user of these checks, whose password is the one that must not show. */
    private static void create(DatabaseServer server, String database, String... statements) throws SQLException {
        try (Connection connection = server.connect(database); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String newer(DatabaseServer server) throws SQLException {
        String name = server.create();
        create(server, name, "CREATE TABLE natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL)", "INSERT INTO natsjob_version VALUES (99, 0)");
        return name;
    }

    private void unusableMariadb(DatabaseServer server) throws SQLException {
        String place = "127.0.0.1:" + server.port();
        String name = server.create();
        create(server, name, "CREATE USER checked@'%' IDENTIFIED BY '" + SECRET + "'", "GRANT SELECT ON " + name + ".* TO checked@'%'",
                "CREATE USER able@'%' IDENTIFIED BY '" + SECRET + "'", "GRANT ALL ON `natsjob%`.* TO able@'%'");
        expect(REFUSED, "mysql", url("mysql", "able", place, "natsjob_gone"), "there is no database natsjob_gone", "CREATE DATABASE natsjob_gone CHARACTER SET utf8mb4");
        expect(REFUSED, "mysql", url("mysql", "checked", place, name), "the user lacks a right", "GRANT ALL ON " + name + ".* TO checked");
        expect(REFUSED, "mysql", url("mysql", "checked", place, "elsewhere"), "the user lacks a right", "GRANT ALL ON elsewhere.* TO checked");
        String newer = newer(server);
        expect(REFUSED, "mysql", url("mysql", "able", place, newer), newer, "has tables of version 99", "start the newer natsjob again, or restore a backup made before it");
        expect(REFUSED, "mysql", url("mysql", "able", "127.0.0.1:" + Databases.postgres().port(), name), "127.0.0.1:" + Databases.postgres().port(), "check host and port in NATSJOB_DB_URL");
    }

    private void unusablePostgres(DatabaseServer server) throws SQLException {
        String place = "127.0.0.1:" + server.port();
        String name = server.create();
        create(server, name, "CREATE ROLE checked LOGIN PASSWORD '" + SECRET + "'", "CREATE ROLE locked NOLOGIN PASSWORD '" + SECRET + "'",
                "REVOKE CREATE ON SCHEMA public FROM PUBLIC", "CREATE ROLE able SUPERUSER LOGIN PASSWORD '" + SECRET + "'");
        expect(REFUSED, "postgres", url("postgres", "able", place, "natsjob_gone"), "there is no database natsjob_gone", "CREATE DATABASE natsjob_gone ENCODING 'UTF8'");
        expect(REFUSED, "postgres", url("postgres", "checked", place, name), "the user lacks a right", "GRANT USAGE, CREATE ON SCHEMA public TO checked");
        expect(REFUSED, "postgres", url("postgres", "locked", place, name), "the server does not let locked in", "check that the role exists and may log in");
        String newer = newer(server);
        expect(REFUSED, "postgres", url("postgres", "able", place, newer), newer, "has tables of version 99", "start the newer natsjob again, or restore a backup made before it");
        expect(REFUSED, "postgres", url("postgres", "able", "127.0.0.1:" + Databases.mariadb().port(), name), "does not talk like PostgreSQL", "check host and port in NATSJOB_DB_URL");
        try (OldPostgres old = OldPostgres.start()) {
            expect(REFUSED, "postgres", url("postgres", "able", "127.0.0.1:" + old.port(), name), "it is older than PostgreSQL 12", "use a newer one");
        }
    }

    private void sqlite() throws Exception {
        Path text = Files.writeString(folder.resolve("text.db"), "This is no database, and longer than the header of one would be. ".repeat(100));
        expect(REFUSED, "sqlite", text.toString(), "text.db is not a SQLite database", "name another file");
        expect(REFUSED, "sqlite", Files.createDirectory(folder.resolve("folder.db")).toString(), "it is a folder, expected a file");
        expect(REFUSED, "sqlite", text.resolve("natsjob.db").toString(), "cannot make the folder of the database", "check the path");
        expect(REFUSED, "sqlite", readOnlyFolder() + "/natsjob.db", "cannot write " + readOnlyFolder() + "/natsjob.db.lock", "check owner and permissions of its folder");
        Path newer = folder.resolve("newer.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + newer); Statement statement = connection.createStatement()) {
            statement.executeUpdate("CREATE TABLE natsjob_version (version INTEGER NOT NULL PRIMARY KEY, applied_at BIGINT NOT NULL); INSERT INTO natsjob_version VALUES (99, 0)");
        }
        expect(REFUSED, "sqlite", newer.toString(), "newer.db has tables of version 99", "start the newer natsjob again");
        Path missing = folder.resolve("a/b/natsjob.db");
        try (ServerProcess server = ServerProcess.create("nats://127.0.0.1:1").setting("NATSJOB_DB_URL", missing.toString()).start()) {
            verdict.equal("sqlite in a folder that does not exist: starts, and the file is there", true, Files.exists(missing));
            FailedStart second = FailedStart.of(Map.of("NATSJOB_DB_URL", missing.toString()));
            List<String> faults = second.faults(REFUSED, "is in use by another natsjob server (process " + server.pid() + ")", "stop that one");
            verdict.that("sqlite, the file of a running server", "status 1, and who holds it", "status " + second.status() + ", \"" + second.message() + "\"", faults.isEmpty());
        }
    }

    /** For root every folder can be written but those of the system itself. */
    private Path readOnlyFolder() throws IOException {
        if ("root".equals(System.getProperty("user.name"))) {
            return Path.of("/sys");
        }
        Path readOnly = folder.resolve("read-only");
        return Files.exists(readOnly) ? readOnly : Files.createDirectory(readOnly, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("r-xr-xr-x")));
    }

    private void leftoverUrl() {
        try (ServerProcess server = ServerProcess.create("nats://127.0.0.1:1").setting("NATSJOB_DB_TYPE", "sqlite")
                .setting("NATSJOB_DB_URL", "root:" + SECRET + "@tcp(127.0.0.1:3306)/natsjob").start()) {
            String warning = server.output().lines().filter(line -> line.contains("NATSJOB_DB_URL")).findFirst().orElse("nothing");
            verdict.that("sqlite is written, beside the URL of a server", "it starts on data/natsjob.db, with a warning and without the password", warning,
                    Files.exists(server.database()) && warning.contains("WARN") && warning.contains("has no effect while NATSJOB_DB_TYPE is sqlite") && !server.output().contains(SECRET));
        }
    }
}
