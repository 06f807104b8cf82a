package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * natsjob as users run it: {@code java -jar target/natsjob.jar} as a child process in a folder of its own, on a free port. It keeps folder,
 * port and settings over {@link #stop}, {@link #kill9} and {@link #start}. The jar is the one of system property {@code natsjob.jar}.
 */
public final class ServerProcess implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

    private final Path folder = Child.temporaryFolder("natsjob-server-");
    private final Path output = folder.resolve("output.txt");
    private final Map<String, String> settings = new TreeMap<>();
    private final List<String> jvm = new ArrayList<>(List.of("-Xms16m", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    private final List<String> arguments = new ArrayList<>();
    private final int port = Ports.free();
    private Child process;

    private ServerProcess(String natsUrl) {
        settings.put("NATSJOB_NATS_URL", natsUrl);
        settings.put("NATSJOB_HTTP_PORT", Integer.toString(port));
    }

    /** A server that is not started yet. */
    public static ServerProcess create(String natsUrl) {
        return new ServerProcess(natsUrl);
    }

    /** Before a start: one of its settings, by its environment name. */
    public ServerProcess setting(String name, String value) {
        settings.put(name, value);
        return this;
    }

    /** Before a start: further arguments on its command line. */
    public ServerProcess arguments(String... values) {
        arguments.addAll(List.of(values));
        return this;
    }

    /** Before a start: further options of its JVM; a later one wins over the defaults (128 MB heap, serial collector, first compiler only). */
    public ServerProcess jvm(String... options) {
        jvm.addAll(List.of(options));
        return this;
    }

    /** Starts the process and returns at once. */
    public ServerProcess launch() {
        if (process != null && process.alive()) {
            throw new IllegalStateException("natsjob runs already, pid " + process.pid());
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-jar", jar().toString()));
        command.addAll(arguments);
        process = Child.start("natsjob", command, folder, output, settings);
        return this;
    }

    /** Starts it and returns when {@code /readyz} says 200. */
    public ServerProcess start() {
        return launch().awaitReady();
    }

    /** Returns when {@code /readyz} says 200. */
    public ServerProcess awaitReady() {
        HttpApi api = new HttpApi(address());
        Eventually.awaitEqual("natsjob's /readyz", START_LIMIT, 200, () -> {
            if (!process.alive()) {
                throw new AssertionError("natsjob ended at once, exit code " + process.awaitExit(STOP_LIMIT) + ":\n" + Child.tail(output));
            }
            return api.get("/readyz").status();
        });
        return this;
    }

    private static Path jar() {
        Path jar = Path.of(System.getProperty("natsjob.jar", "target/natsjob.jar")).toAbsolutePath();
        if (!Files.isRegularFile(jar)) {
            throw new AssertionError("no " + jar + ": build it first (mvn package -DskipTests), or set -Dnatsjob.jar");
        }
        return jar;
    }

    /** A client that is logged in as natsjob/natsjob. */
    public HttpApi login() {
        return new HttpApi(address()).login("natsjob", "natsjob");
    }

    /** {@code http://127.0.0.1:<port>}. */
    public String address() {
        return "http://127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Its working directory. */
    public Path folder() {
        return folder;
    }

    /** Its SQLite file, unless a setting names another. */
    public Path database() {
        return folder.resolve("data").resolve("natsjob.db");
    }

    /** All that it has written to its console, over all its starts. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL. */
    public void kill9() {
        process.kill();
    }

    /** SIGTERM; the exit code. */
    public int stop() {
        return process.terminate(STOP_LIMIT);
    }

    /** Waits for its own end; the exit code. */
    public int awaitExit(Duration limit) {
        return process.awaitExit(limit);
    }

    /** SIGSTOP. */
    public void pause() {
        process.pause();
    }

    /** SIGCONT. */
    public void resume() {
        process.resume();
    }

    public boolean alive() {
        return process != null && process.alive();
    }

    public long pid() {
        return process.pid();
    }

    /** Its resident memory in KiB, as Linux counts it. */
    public long rssKib() {
        try {
            return Files.readAllLines(Path.of("/proc", Long.toString(pid()), "status")).stream().filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", ""))).findFirst().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException("no resident memory of pid " + pid() + " (this needs Linux)", e);
        }
    }

    /** Kills it and deletes its folder. */
    @Override
    public void close() {
        if (alive()) {
            process.kill();
        }
        Child.deleteFolder(folder);
    }
}
