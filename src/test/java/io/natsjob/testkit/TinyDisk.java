package io.natsjob.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A small disk of its own, in memory, that a test can fill. Only root may make one: a test of anybody else is skipped visibly; with {@code CI=true} it fails. */
public final class TinyDisk implements AutoCloseable {
    private static final long COMMAND_SECONDS = 10;

    private final Path folder = Child.temporaryFolder("natsjob-disk-");
    private final Path filler = folder.resolve("filler");

    private TinyDisk() {}

    public static TinyDisk mount(int megabytes) {
        if (!"root".equals(System.getProperty("user.name"))) {
            String missing = "only root may mount a small disk";
            if ("true".equals(System.getenv("CI"))) {
                throw new AssertionError(missing);
            }
            Assumptions.abort(missing);
        }
        TinyDisk disk = new TinyDisk();
        run(List.of("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "natsjob-test", disk.folder.toString()));
        Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
        return disk;
    }

    public Path folder() {
        return folder;
    }

    /** Takes all the room that is left. */
    public void fill() {
        byte[] block = new byte[4_096];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() >= block.length) {
                throw new UncheckedIOException("the disk could not be filled", full);
            }
        }
    }

    /** Gives back what {@link #fill} took. */
    public void empty() {
        try {
            Files.delete(filler);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void run(List<String> command) {
        try {
            Process program = new ProcessBuilder(command).inheritIO().start();
            if (!program.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS) || program.exitValue() != 0) {
                throw new AssertionError(command + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Whatever is on it is gone. */
    @Override
    public synchronized void close() {
        if (Files.exists(folder)) {
            run(List.of("umount", "--lazy", folder.toString()));
            Child.deleteFolder(folder);
        }
    }
}
