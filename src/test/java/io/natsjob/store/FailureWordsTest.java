package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.store.StoreException.Kind;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.security.cert.CertificateException;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What drivers and servers report, in plain words. The numbers are those of the servers' own lists. */
final class FailureWordsTest {
    private static final Map<String, String> URLS = Map.of("mysql", "app:hunter2@tcp(db1:3306)/jobs", "postgres", "host=db1 user=app password=hunter2 dbname=jobs",
            "dm", "dm://app:hunter2@db1:5236?schema=jobs");
    private static final String DRIVERS_TEXT = "Duplicate entry 'hunter2' for key";

    private static DatabaseAddress address(String type) {
        return DatabaseAddress.parse(type, URLS.get(type));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "mysql|28000|1045|UNAVAILABLE|wrong user or password, or app may not log in from this machine",
        "mysql|28000|1698|UNAVAILABLE|wrong user or password",
        "mysql|42000|1049|UNAVAILABLE|there is no database jobs: create it with CREATE DATABASE jobs CHARACTER SET utf8mb4",
        "mysql|42000|1044|UNAVAILABLE|GRANT ALL ON jobs.* TO app",
        "mysql|42000|1142|UNAVAILABLE|GRANT ALL ON jobs.* TO app",
        "mysql|42000|1227|UNAVAILABLE|the user lacks a right",
        "mysql|HY000|1130|UNAVAILABLE|no user of the server may log in from this machine",
        "mysql|HY000|1129|UNAVAILABLE|FLUSH HOSTS",
        "mysql|HY000|3159|UNAVAILABLE|the server demands TLS: add tls=skip-verify or tls=true",
        "mysql|08004|1040|UNAVAILABLE|takes no more connections",
        "mysql|42000|1203|UNAVAILABLE|takes no more connections",
        "mysql|08S01|1053|UNAVAILABLE|starting or stopping",
        "mysql|HY000|4031|UNAVAILABLE|the server ended the connection",
        "mysql|70100|1927|UNAVAILABLE|the server ended the connection",
        "mysql|HY000|1290|UNAVAILABLE|db1:3306 only reads (a replica",
        "mysql|25006|1792|UNAVAILABLE|only reads",
        "mysql|HY000|1836|UNAVAILABLE|only reads",
        "mysql|HY000|1021|UNAVAILABLE|disk is full",
        "mysql|HY000|1114|UNAVAILABLE|disk is full",
        "mysql|40001|1213|UNAVAILABLE|another transaction wanted the same rows",
        "mysql|40001|1205|UNAVAILABLE|another transaction wanted the same rows",
        "mysql|HY000|3024|UNAVAILABLE|longer than allowed",
        "mysql|70100|1969|UNAVAILABLE|longer than allowed",
        "mysql|HY000|1820|UNAVAILABLE|the password has expired",
        "mysql|HY000|3118|UNAVAILABLE|the user is locked",
        "mysql|HY000|4151|UNAVAILABLE|the user is locked",
        "mysql|23000|1062|DUPLICATE|a row with this key exists",
        "mysql|22001|1406|REJECTED|a text is longer than its column",
        "mysql|42000|1064|REJECTED|older than MySQL 8.0 or MariaDB 10.6",
        "mysql|42000|1115|REJECTED|older than",
        "mysql|22007|1366|REJECTED|MySQL refused it (SQLState 22007, error 1366)",
        "mysql|08S01|0|UNAVAILABLE|the connection to db1:3306 was lost",
        "postgres|28P01|0|UNAVAILABLE|wrong user or password: check NATSJOB_DB_URL; app needs LOGIN",
        "postgres|28000|0|UNAVAILABLE|the server does not let app in from this machine: check that the role exists and may log in, and pg_hba.conf",
        "postgres|3D000|0|UNAVAILABLE|there is no database jobs: create it with CREATE DATABASE jobs ENCODING 'UTF8'",
        "postgres|3F000|0|UNAVAILABLE|there is no schema to write to",
        "postgres|42501|0|UNAVAILABLE|GRANT USAGE, CREATE ON SCHEMA public TO app",
        "postgres|53300|0|UNAVAILABLE|takes no more connections",
        "postgres|53100|0|UNAVAILABLE|disk is full",
        "postgres|57P01|0|UNAVAILABLE|starting or stopping",
        "postgres|57P03|0|UNAVAILABLE|starting or stopping",
        "postgres|57P04|0|UNAVAILABLE|the database jobs was dropped",
        "postgres|25006|0|UNAVAILABLE|db1:5432 only reads (a replica",
        "postgres|40001|0|UNAVAILABLE|another transaction wanted the same rows",
        "postgres|40P01|0|UNAVAILABLE|another transaction wanted the same rows",
        "postgres|55P03|0|UNAVAILABLE|another transaction wanted the same rows",
        "postgres|57014|0|UNAVAILABLE|longer than allowed",
        "postgres|25P02|0|UNAVAILABLE|an earlier statement of the transaction had failed",
        "postgres|23505|0|DUPLICATE|a row with this key exists",
        "postgres|22001|0|REJECTED|a text is longer than its column",
        "postgres|22021|0|REJECTED|it must have ENCODING 'UTF8'",
        "postgres|42601|0|REJECTED|older than PostgreSQL 12",
        "postgres|22P02|0|REJECTED|PostgreSQL refused it (SQLState 22P02, error 0)",
        "postgres|08006|0|UNAVAILABLE|the connection to db1:5432 was lost",
        "postgres|08P01|0|UNAVAILABLE|what listens at db1:5432 does not talk like PostgreSQL",
        "postgres|08004|0|UNAVAILABLE|db1:5432 did not accept the connection",
        "dm||-2501|UNAVAILABLE|wrong user or password",
        "dm|28000|-2512|UNAVAILABLE|the user app does not exist",
        "dm|3F000|-2103|UNAVAILABLE|there is no schema jobs: create it with CREATE SCHEMA jobs AUTHORIZATION app",
        "dm|42000|-5501|UNAVAILABLE|the user lacks a right",
        "dm|08000|-6001|UNAVAILABLE|takes no more connections",
        "dm|25006|-6506|UNAVAILABLE|db1:5236 only reads",
        "dm||-6409|UNAVAILABLE|another transaction wanted the same rows",
        "dm||-7049|UNAVAILABLE|longer than allowed",
        "dm|23000|-6612|DUPLICATE|a row with this key exists",
        "dm||-6602|DUPLICATE|a row with this key exists",
        "dm|42000|-2007|REJECTED|does not know this SQL",
        "dm|08S01|6001|UNAVAILABLE|the connection to db1:5236 was lost",
        "dm||-9999|REJECTED|Dameng refused it (SQLState none, error -9999)"
    })
    void a_failure_is_told_with_its_kind_and_what_to_do(String type, String state, int code, Kind kind, String words) {
        SQLException error = new SQLException(DRIVERS_TEXT, state, code);
        StoreException told = FailureWords.of(address(type), error, "open the database");
        assertEquals(kind, told.kind());
        assertTrue(told.getMessage().startsWith("cannot open the database: "), told.getMessage());
        assertTrue(told.getMessage().contains(words), told.getMessage());
        assertFalse(told.getMessage().contains("hunter2"), told.getMessage());
        assertEquals(1, told.getMessage().lines().count());
        assertEquals(words.contains("disk is full"), told.isDiskFull());
        assertSame(error, told.getCause());
    }

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void what_lies_below_a_network_failure_is_found(ServerKind kind) {
        assertTrue(network(kind, new NoRouteToHostException("x")).contains("there is no way to"));
        assertTrue(network(kind, new EOFException("x")).contains("closed the connection"));
        assertTrue(network(kind, new SSLException("x")).contains("could not be agreed"));
        assertTrue(network(kind, new SSLHandshakeException("x").initCause(new CertificateException("x"))).contains("is not trusted, expired, or of another host name"));
        assertTrue(network(kind, new IOException("a", new IOException("b"))).contains("was lost"));
    }

    @ParameterizedTest
    @EnumSource(ServerKind.class)
    void causes_that_go_in_circles_end_the_search(ServerKind kind) {
        IOException first = new IOException("a");
        first.initCause(new IOException("b", first));
        assertTrue(network(kind, first).contains("was lost"));
    }

    private static String network(ServerKind kind, Throwable cause) {
        String state = kind == ServerKind.POSTGRES ? "08006" : "08S01";
        StoreException told = FailureWords.of(kind, new SQLException("text", state, kind == ServerKind.DM ? 6001 : 0, cause), "open the database");
        assertEquals(Kind.UNAVAILABLE, told.kind());
        return told.getMessage();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"mysql|app:hunter2@tcp(db1)/jobs?tls=skip-verify|08001|tls=false", "postgres|host=db1 user=app sslmode=verify-full|08004|sslmode=disable"})
    void a_server_without_the_tls_that_is_demanded_is_told(String type, String url, String state, String remedy) {
        String told = FailureWords.of(DatabaseAddress.parse(type, url), new SQLException("text", state, 0), "open the database").getMessage();
        assertTrue(told.contains("speaks no TLS, which NATSJOB_DB_URL demands") && told.contains(remedy), told);
    }

    @Test
    void a_key_that_may_not_be_asked_for_is_told() {
        StoreException told = FailureWords.of(address("mysql"), new SQLException("Public Key Retrieval is not allowed", "08001", 0), "open the database");
        assertTrue(told.getMessage().contains("set tls=skip-verify or tls=true"), told.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"mysql,root:hunter2@tcp(HOST)/d?timeout=1s", "postgres,postgres://u:hunter2@HOST/d?connect_timeout=1", "dm,dm://u:hunter2@HOST?connectTimeout=1000"})
    void the_real_drivers_failures_to_reach_a_host_are_told(String type, String url) throws IOException {
        ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        String refusing = "127.0.0.1:" + closed.getLocalPort();
        closed.close();
        assertTrue(connect(type, url.replace("HOST", refusing), Set.of()).contains(refusing + " refused the connection: check host and port"), url);
        assertTrue(connect(type, url.replace("HOST", "nosuch.invalid"), Set.of()).contains("the host name of nosuch.invalid:"), url);
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String silent = "127.0.0.1:" + mute.getLocalPort();
            assertTrue(connect(type, url.replace("HOST", silent), Set.of("socketTimeout")).contains(silent + " did not answer in time"), url);
        }
    }

    private static String connect(String type, String url, Set<String> oneSecond) {
        DatabaseAddress address = DatabaseAddress.parse(type, url);
        Properties properties = address.properties();
        oneSecond.forEach(name -> properties.setProperty(name, type.equals("postgres") ? "1" : "1000"));
        SQLException error = assertThrows(SQLException.class, () -> driver(address.type()).connect(address.jdbcUrl(), properties));
        StoreException told = FailureWords.of(address, error, "open the database");
        assertEquals(Kind.UNAVAILABLE, told.kind());
        assertFalse(told.getMessage().contains("hunter2"), told.getMessage());
        return told.getMessage();
    }

    private static Driver driver(ServerKind kind) throws SQLException {
        return switch (kind) {
            case MYSQL -> new com.mysql.cj.jdbc.Driver();
            case POSTGRES -> new org.postgresql.Driver();
            case DM -> new dm.jdbc.driver.DmDriver();
        };
    }
}
