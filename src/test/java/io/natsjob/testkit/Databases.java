package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The database servers that tests share, one process of each kind per JVM, started when first asked for. Where the programs are
 * missing, a test that asks for them is skipped visibly; with {@code CI=true} it fails.
 */
public final class Databases {
    private static DatabaseServer postgres;
    private static DatabaseServer mariadb;

    private Databases() {}

    /** The one that is shared: nobody may stop it. */
    public static synchronized DatabaseServer postgres() {
        if (postgres == null) {
            postgres = newPostgres();
        }
        return postgres;
    }

    /** The one that is shared: nobody may stop it. */
    public static synchronized DatabaseServer mariadb() {
        if (mariadb == null) {
            mariadb = newMariadb();
        }
        return mariadb;
    }

    /** One of the caller's own, who closes it. */
    public static DatabaseServer newPostgres() {
        return new PostgresServer(programs("postgres", "NATSJOB_TEST_POSTGRES", postgresOnDebian(), "postgres")).start();
    }

    /** One of the caller's own, who closes it. */
    public static DatabaseServer newMariadb() {
        return new MariadbServer(programs("mariadb", "NATSJOB_TEST_MARIADB", Optional.of(Path.of("/usr")), "sbin/mariadbd")).start();
    }

    /** The folder that the environment names, or the usual one; {@code program} must lie in it. */
    private static Path programs(String kind, String variable, Optional<Path> usual, String program) {
        Optional<Path> named = Optional.ofNullable(System.getenv(variable)).filter(value -> !value.isEmpty()).map(Path::of);
        Optional<Path> found = named.or(() -> usual).filter(folder -> Files.isExecutable(folder.resolve(program)));
        if (found.isEmpty() && (named.isPresent() || "true".equals(System.getenv("CI")))) {
            throw new AssertionError("no " + kind + " server in " + named.or(() -> usual) + " (" + variable + ")");
        }
        Assumptions.assumeTrue(found.isPresent(), "no " + kind + " server: install Debian's package, or set " + variable
                + " (scripts/test.sh databases does it)");
        return found.get();
    }

    /** The newest in Debian's folder, which is on nobody's path. */
    private static Optional<Path> postgresOnDebian() {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.map(version -> version.resolve("bin")).max(Comparator.comparing(Path::toString));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
