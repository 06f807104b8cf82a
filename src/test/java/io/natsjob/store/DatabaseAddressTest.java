package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import java.io.IOException;
import java.sql.DriverPropertyInfo;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Good URLs: what is read, and that each driver's own parser reads the same out of what we hand to it. */
final class DatabaseAddressTest {
    /** What a driver understood. */
    private record Understood(String servers, String database, String user, String password) {}

    static Stream<UrlExample> examples() throws IOException {
        return UrlExample.all().stream();
    }

    static Stream<UrlExample> jdbcExamples() throws IOException {
        return examples().filter(example -> example.url().startsWith("jdbc:") && !example.url().startsWith("jdbc:mariadb:"));
    }

    private static DatabaseAddress address(UrlExample example) {
        return DatabaseAddress.parse(example.type(), example.url());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void every_form_is_read(UrlExample example) {
        DatabaseAddress address = address(example);
        assertEquals(example.type(), address.type().word());
        assertEquals(example.servers(), String.join(",", address.hosts().stream().map(ServerHost::toString).toList()));
        assertEquals(example.database(), address.database());
        assertEquals(new DatabaseLogin(example.user(), example.password()), address.login());
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_driver_understands_what_was_meant(UrlExample example) throws SQLException {
        DatabaseAddress address = address(example);
        assertEquals(new Understood(example.servers(), example.database(), example.user(), example.password()),
                understood(address.type(), address.jdbcUrl(), address.properties()));
    }

    @ParameterizedTest
    @MethodSource("jdbcExamples")
    void a_jdbc_url_means_what_it_means_to_its_driver(UrlExample example) throws SQLException {
        assertEquals(new Understood(example.servers(), example.database(), example.user(), example.password()),
                understood(ServerKind.of(example.type()), example.url(), new Properties()));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void neither_url_nor_any_text_holds_the_password(UrlExample example) {
        DatabaseAddress address = address(example);
        String texts = address + address.describe() + address.login() + address.jdbcUrl() + address.hosts() + address.options();
        assertTrue(example.password().isEmpty() || !texts.contains(example.password()), texts);
        assertFalse(texts.contains("hunter2"), texts);
        assertEquals(-1, address.jdbcUrl().indexOf('?'));
    }

    @Test
    void an_address_is_described_for_people() {
        assertEquals("PostgreSQL at 127.0.0.1:5432, database natsjob, user postgres",
                DatabaseAddress.parse("postgres", "host=127.0.0.1 user=postgres password=pw dbname=natsjob").describe());
        assertEquals("MySQL at [::1]:3306, database natsjob, user root", DatabaseAddress.parse("mysql", "root:pw@tcp([::1])/natsjob").describe());
        assertEquals("Dameng at h:5236, schema natsjob, user SYSDBA", DatabaseAddress.parse("dm", "dm://SYSDBA:pw@h?schema=natsjob").describe());
    }

    @Test
    void properties_are_new_at_every_call() {
        DatabaseAddress address = DatabaseAddress.parse("mysql", "root:pw@/natsjob");
        address.properties().setProperty("allowLoadLocalInfile", "true");
        assertEquals("false", address.properties().getProperty("allowLoadLocalInfile"));
    }

    private static Understood understood(ServerKind kind, String url, Properties properties) throws SQLException {
        return switch (kind) {
            case MYSQL -> {
                assertTrue(ConnectionUrl.acceptsUrl(url));
                HostInfo host = ConnectionUrl.getConnectionUrlInstance(url, properties).getMainHost();
                String name = host.getHost();
                yield new Understood((name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name) + ":" + host.getPort(), host.getDatabase(), host.getUser(), host.getPassword());
            }
            case POSTGRES -> {
                Properties read = org.postgresql.Driver.parseURL(url, properties);
                String[] names = read.getProperty("PGHOST").split(",");
                String[] ports = read.getProperty("PGPORT").split(",");
                List<String> servers = new ArrayList<>();
                for (int i = 0; i < names.length; i++) {
                    servers.add(names[i] + ":" + ports[i]);
                }
                yield new Understood(String.join(",", servers), read.getProperty("PGDBNAME"), read.getProperty("user"), read.getProperty("password"));
            }
            case DM -> {
                Properties read = new Properties();
                for (DriverPropertyInfo each : new dm.jdbc.driver.DmDriver().getPropertyInfo(url, properties)) {
                    read.setProperty(each.name, each.value == null ? "" : each.value);
                }
                yield new Understood(read.getProperty("host") + ":" + read.getProperty("port"), read.getProperty("schema"), read.getProperty("user"), read.getProperty("password"));
            }
        };
    }
}
