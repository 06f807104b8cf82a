package io.natsjob.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One operating-system process of a test, with its output in a file. It never outlives the test's JVM. */
final class Child {
    private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
    private static final int TAIL_LINES = 40;

    private final String name;
    private final Process process;
    private final Thread hook;

    private Child(String name, Process process) {
        this.name = name;
        this.process = process;
        this.hook = new Thread(process::destroyForcibly);
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts it with the given additions to the environment, of which all {@code NATSJOB_*} of the caller are taken away. */
    static Child start(String name, List<String> command, Path dir, Path output, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(dir.toFile()).redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().keySet().removeIf(key -> key.startsWith("NATSJOB_"));
        builder.environment().putAll(environment);
        try {
            return new Child(name, builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name + ": " + command, e);
        }
    }

    long pid() {
        return process.pid();
    }

    boolean alive() {
        return process.isAlive();
    }

    /** SIGTERM; the exit code. One that takes longer than the limit is killed and fails the test. */
    int terminate(Duration limit) {
        process.destroy();
        return ended("SIGTERM", limit);
    }

    /** SIGINT, which some take as "do not wait for your clients"; the exit code. As {@link #terminate} otherwise. */
    int interrupt(Duration limit) {
        signal("-INT");
        return ended("SIGINT", limit);
    }

    private int ended(String signal, Duration limit) {
        if (!waitFor(limit)) {
            kill();
            throw new AssertionError(name + " (pid " + pid() + ") did not end within " + limit.toMillis() + " ms of " + signal);
        }
        return process.exitValue();
    }

    /** SIGKILL, also when it is paused. */
    void kill() {
        process.destroyForcibly();
        if (!waitFor(KILL_LIMIT)) {
            throw new AssertionError(name + " (pid " + pid() + ") did not end within " + KILL_LIMIT.toMillis() + " ms of SIGKILL");
        }
    }

    /** Waits for its own end; the exit code. */
    int awaitExit(Duration limit) {
        if (!waitFor(limit)) {
            throw new AssertionError(name + " (pid " + pid() + ") did not end by itself within " + limit.toMillis() + " ms");
        }
        return process.exitValue();
    }

    /** SIGSTOP, and every thread has stopped when this returns: the signal alone comes back before that. */
    void pause() {
        signal("-STOP");
        Path threads = Path.of("/proc", Long.toString(pid()), "task");
        if (Files.isDirectory(threads)) {
            Eventually.await(name + " has stopped", KILL_LIMIT, () -> allStopped(threads));
        }
    }

    private static boolean allStopped(Path threads) {
        try (Stream<Path> each = Files.list(threads)) {
            return each.allMatch(thread -> state(thread).startsWith("T"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The state letter that follows the name, which stands in brackets and may hold anything. */
    private static String state(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"));
            return stat.substring(stat.lastIndexOf(')') + 2);
        } catch (IOException e) {
            return "T"; // it has ended meanwhile
        }
    }

    void resume() {
        signal("-CONT");
    }

    /** SIGHUP: nats-server reads its configuration again. */
    void hangUp() {
        signal("-HUP");
    }

    private void signal(String signal) {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid())).inheritIO().start();
            if (!kill.waitFor(KILL_LIMIT.toMillis(), TimeUnit.MILLISECONDS) || kill.exitValue() != 0) {
                throw new AssertionError("kill " + signal + " failed for " + name + " (pid " + pid() + ")");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private boolean waitFor(Duration limit) {
        try {
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (ended) {
                forgetHook();
            }
            return ended;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for the end of " + name, e);
        }
    }

    private void forgetHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException shuttingDown) {
            // The hook runs or has run: there is nothing to forget.
            return;
        }
    }

    /** The last lines of a log, for a failure's message. */
    static String tail(Path log) {
        try {
            List<String> lines = Files.exists(log) ? Files.readAllLines(log) : List.of("(no output)");
            return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "(cannot read " + log + ": " + e + ")";
        }
    }

    static Path temporaryFolder(String prefix) {
        try {
            return Files.createTempDirectory(prefix);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void deleteFolder(Path folder) {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + folder, e);
        }
    }
}
