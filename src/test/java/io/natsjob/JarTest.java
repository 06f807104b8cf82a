package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.ServiceLoader;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one file that is shipped: what is in it, what is not, and that it starts quietly. */
final class JarTest {
    private static final long MAX_BYTES = 12_000_000;
    private static final Path JAR = Path.of(System.getProperty("natsjob.jar", "target/natsjob.jar"));

    @Test
    void is_at_most_12_megabytes() throws Exception {
        long size = Files.size(JAR);
        assertTrue(size <= MAX_BYTES, size + " bytes");
    }

    @Test
    void starts_io_natsjob_main_and_may_load_native_libraries() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            Attributes manifest = jar.getManifest().getMainAttributes();
            assertEquals("io.natsjob.Main", manifest.getValue("Main-Class"));
            assertEquals("ALL-UNNAMED", manifest.getValue("Enable-Native-Access"));
            assertTrue(manifest.getValue("Implementation-Version").matches("\\d+\\.\\d+\\.\\d+.*"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"com/google/protobuf/", "org/bouncycastle/", "org/checkerframework/", "org/jspecify/", "org/junit/", "META-INF/maven/",
        "META-INF/versions/", "module-info.class", "org/sqlite/native/FreeBSD/", "org/sqlite/native/Linux-Android/", "com/mysql/cj/x/"})
    void leaves_out(String prefix) throws Exception {
        assertEquals(List.of(), entries().filter(name -> name.startsWith(prefix)).toList());
    }

    @Test
    void holds_the_licences_and_no_signatures() throws Exception {
        List<String> names = entries().toList();
        assertTrue(names.containsAll(List.of("META-INF/LICENSE", "META-INF/NOTICE", "META-INF/licenses/mysql-connector-j.txt")));
        assertEquals(List.of(), names.stream().filter(name -> name.matches("META-INF/.*\\.(SF|RSA|DSA|EC)")).toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Linux", "Linux-Musl", "Windows", "Mac"})
    void holds_sqlite_for_both_processors_of(String system) throws Exception {
        List<String> natives = entries().filter(name -> name.matches("org/sqlite/native/" + system + "/[^/]+/[^/]+")).sorted().toList();
        assertEquals(2, natives.size(), natives.toString());
        assertTrue(natives.get(0).contains("/aarch64/") && natives.get(1).contains("/x86_64/"), natives.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:sqlite::memory:", "jdbc:mysql://127.0.0.1:1/x", "jdbc:postgresql://127.0.0.1:1/x", "jdbc:dm://127.0.0.1:1/x"})
    void its_driver_answers_to(String url) throws Exception {
        try (URLClassLoader loader = onlyTheJar()) {
            assertEquals(1, drivers(loader).filter(driver -> accepts(driver, url)).count());
        }
    }

    @Test
    void sqlite_opens_a_database_with_the_native_library_of_the_jar() throws Exception {
        try (URLClassLoader loader = onlyTheJar()) {
            Driver sqlite = drivers(loader).filter(driver -> accepts(driver, "jdbc:sqlite::memory:")).findFirst().orElseThrow();
            try (Connection connection = sqlite.connect("jdbc:sqlite::memory:", new Properties());
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT 41 + 1")) {
                assertTrue(rows.next());
                assertEquals(42, rows.getInt(1));
            }
        }
    }

    @Test
    void starts_without_a_warning_of_the_jvm_and_ends_with_0_on_sigterm() throws Exception {
        try (NatsServer nats = NatsServer.create().start(); ServerProcess server = ServerProcess.create(nats.url()).start()) {
            assertEquals(0, server.stop(), server::output);
            List<String> warnings = server.output().lines().filter(line -> line.startsWith("WARNING:") || line.contains("VM warning")).toList();
            assertEquals(List.of(), warnings);
        }
    }

    private static URLClassLoader onlyTheJar() throws Exception {
        return new URLClassLoader(new URL[] {JAR.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    }

    private static Stream<Driver> drivers(ClassLoader loader) {
        return StreamSupport.stream(ServiceLoader.load(Driver.class, loader).spliterator(), false)
                .filter(driver -> driver.getClass().getClassLoader() == loader);
    }

    private static boolean accepts(Driver driver, String url) {
        try {
            return driver.acceptsURL(url);
        } catch (SQLException e) {
            throw new AssertionError(driver + " on " + url, e);
        }
    }

    private static Stream<String> entries() throws Exception {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            return jar.stream().filter(entry -> !entry.isDirectory()).map(entry -> entry.getName()).toList().stream();
        }
    }
}
