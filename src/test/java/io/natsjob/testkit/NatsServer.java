package io.natsjob.testkit;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * A real {@code nats-server} process with JetStream, on a free loopback port, its store in a folder of its own. It keeps port and store over
 * {@link #stop}, {@link #kill} and {@link #start}. Where there is no nats-server, a test that asks for one is skipped visibly; with
 * {@code CI=true} it fails.
 */
public final class NatsServer implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(20);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Path folder = Child.temporaryFolder("natsjob-nats-");
    private final Path log = folder.resolve("nats.log");
    private final int port = Ports.free();
    private Path binary;
    private boolean jetStream = true;
    private String jetStreamLines = "";
    private String config = "";
    private Child process;

    private NatsServer(Path binary) {
        this.binary = binary;
    }

    /** A server that is not started yet, of the first binary of {@link #binaries}. */
    public static NatsServer create() {
        return new NatsServer(binaries().findFirst().orElseThrow());
    }

    /**
     * Every nats-server to test on, oldest first: the system property {@code natsjob.nats}, else the environment's {@code NATSJOB_TEST_NATS},
     * else {@code nats-server} on the path; then {@code NATSJOB_TEST_NATS_NEW} if it is set. For {@code @MethodSource}.
     */
    public static Stream<Path> binaries() {
        List<Path> found = new ArrayList<>();
        Optional.ofNullable(System.getProperty("natsjob.nats")).or(() -> variable("NATSJOB_TEST_NATS")).map(Path::of)
                .or(NatsServer::onPath).ifPresent(found::add);
        variable("NATSJOB_TEST_NATS_NEW").map(Path::of).ifPresent(found::add);
        for (Path path : found) {
            if (!Files.isExecutable(path)) {
                throw new AssertionError("not an executable nats-server: " + path + " (natsjob.nats, NATSJOB_TEST_NATS, NATSJOB_TEST_NATS_NEW)");
            }
        }
        if (found.isEmpty()) {
            String missing = "no nats-server: install Debian's package, or set NATSJOB_TEST_NATS to its path (scripts/test.sh does it)";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        return found.stream();
    }

    private static Optional<String> variable(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    private static Optional<Path> onPath() {
        // Debian puts it into /usr/sbin, which is not on everybody's path.
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("") + ":/usr/sbin:/usr/local/bin";
        return Stream.of(path.split(":")).filter(dir -> !dir.isEmpty()).map(dir -> Path.of(dir, "nats-server")).filter(Files::isExecutable)
                .findFirst();
    }

    /** Before the start: another binary than the first. */
    public NatsServer binary(Path path) {
        this.binary = path;
        return this;
    }

    /** Before a start: lines for the server's configuration (users, permissions, limits), in place of earlier ones. */
    public NatsServer config(String text) {
        this.config = text;
        return this;
    }

    /** Before a start: lines inside the {@code jetstream} block, such as {@code max_file_store: 1GB}. */
    public NatsServer jetStreamConfig(String text) {
        this.jetStreamLines = text;
        return this;
    }

    /** Before a start: with or without JetStream. */
    public NatsServer jetStream(boolean on) {
        this.jetStream = on;
        return this;
    }

    /** Starts it, or starts it again on the same port and store, and returns when it greets clients. */
    public NatsServer start() {
        if (process != null && process.alive()) {
            throw new IllegalStateException("nats-server runs already, pid " + process.pid());
        }
        Path file = folder.resolve("nats.conf");
        try {
            Files.writeString(file, configuration());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process = Child.start("nats-server", List.of(binary.toString(), "-c", file.toString()), folder, log, Map.of());
        Eventually.await("nats-server greets on port " + port, START_LIMIT, () -> {
            if (!process.alive()) {
                throw new AssertionError("nats-server ended at once:\n" + Child.tail(log));
            }
            return greets();
        });
        return this;
    }

    /** Makes the present {@link #config} count without a restart. Its connections stay; it takes effect a moment after the return. */
    public void reload() {
        try {
            Files.writeString(folder.resolve("nats.conf"), configuration());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        process.hangUp();
    }

    private String configuration() {
        String block = jetStream ? "jetstream {\n  store_dir: \"" + folder.resolve("store") + "\"\n" + jetStreamLines + "\n}\n" : "";
        return "listen: \"127.0.0.1:" + port + "\"\nserver_name: \"" + name() + "\"\n" + block + config + "\n";
    }

    private boolean greets() {
        // The greeting comes after JetStream is up; an open port alone may be the kernel's backlog.
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(1_000);
            return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII).equals("INFO ");
        } catch (IOException notYet) {
            return false;
        }
    }

    /** SIGTERM, and waits for the end. */
    public void stop() {
        process.terminate(STOP_LIMIT);
    }

    /** SIGKILL, and waits for the end. */
    public void kill() {
        process.kill();
    }

    /** Stops it if it runs, and starts it on the same port and store. */
    public void restart() {
        if (process.alive()) {
            stop();
        }
        start();
    }

    /** SIGSTOP: connections stay open and nothing answers. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    public String url() {
        return "nats://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** What it calls itself among the servers of a cluster. */
    String name() {
        return "test-" + port;
    }

    public long pid() {
        return process.pid();
    }

    /** What it has logged, over all its starts. */
    public String log() {
        return Child.tail(log);
    }

    /** A plain connection for the test itself; the test closes it. */
    public Connection connect() throws IOException, InterruptedException {
        return Nats.connect(Options.builder().server(url()).connectionName("test").maxReconnects(-1).reconnectWait(Duration.ofMillis(100))
                .reconnectJitter(Duration.ofMillis(10)).build());
    }

    /** Kills it and deletes its store. */
    @Override
    public void close() {
        if (process != null && process.alive()) {
            process.kill();
        }
        Child.deleteFolder(folder);
    }
}
