package io.natsjob.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
final class LoggingTest {
    private static final InstantSource FIXED = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05.678Z"));

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    private Logging logging(Level level, OutputStream out, int queueMaxLines) {
        LogOptions options = new LogOptions(false, level, folder.resolve("logs"), ZoneOffset.UTC);
        return new Logging(options, FIXED, new PrintStream(out, true, StandardCharsets.UTF_8), queueMaxLines);
    }

    private List<String> file() throws IOException {
        return Files.readAllLines(folder.resolve("logs/app.log"), StandardCharsets.UTF_8);
    }

    /** A console that hangs in its first write until it is let go. */
    private static final class StuckConsole extends OutputStream {
        final CountDownLatch reached = new CountDownLatch(1);
        final CountDownLatch free = new CountDownLatch(1);
        final ByteArrayOutputStream written = new ByteArrayOutputStream();

        @Override
        public void write(int b) {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            reached.countDown();
            boolean interrupted = false;
            while (true) {
                try {
                    free.await();
                    break;
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            written.write(bytes, from, length);
        }
    }

    @Test
    void lines_are_on_console_and_in_the_file_once_closed() throws IOException {
        try (Logging logging = logging(Level.INFO, console, 100)) {
            logging.begin();
            Log.of("web").info("任务 started", "port", 7788);
            Log.of("web").debug("not wanted");
        }
        assertEquals(List.of("2026-01-02 03:04:05.678Z INFO  web  任务 started port=7788"), file());
        assertEquals(file(), console.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @Test
    void debug_lines_are_written_when_asked_for() throws IOException {
        try (Logging logging = logging(Level.DEBUG, console, 100)) {
            logging.begin();
            assertTrue(Log.of("web").debugOn());
            Log.of("web").debug("wanted");
        }
        assertEquals(1, file().size());
    }

    @Test
    void every_line_queued_before_close_is_written_in_order() throws IOException {
        try (Logging logging = logging(Level.INFO, console, 5000)) {
            logging.begin();
            Log log = Log.of("n");
            for (int i = 0; i < 5000; i++) {
                log.info("line", "i", i);
            }
        }
        List<String> lines = file();
        assertEquals(5000, lines.size());
        for (int i = 0; i < 5000; i++) {
            assertTrue(lines.get(i).endsWith(" i=" + i), lines.get(i));
        }
    }

    @Test
    void a_full_queue_drops_lines_without_waiting_and_reports_how_many() throws InterruptedException, IOException {
        StuckConsole stuck = new StuckConsole();
        Logging logging = logging(Level.INFO, stuck, 10);
        logging.begin();
        Log log = Log.of("n");
        log.info("first");
        assertTrue(stuck.reached.await(10, TimeUnit.SECONDS));
        for (int i = 0; i < 25; i++) {
            log.info("next", "i", i);
        }
        assertEquals(15, logging.dropped());
        stuck.free.countDown();
        logging.close();
        List<String> lines = file();
        assertEquals(12, lines.size());
        assertTrue(lines.getLast().endsWith("WARN  log  log lines dropped, the queue was full lines=15"), lines.getLast());
        assertEquals(0, logging.dropped());
    }

    @Test
    void close_gives_up_on_a_stuck_console_after_two_seconds() throws InterruptedException {
        StuckConsole stuck = new StuckConsole();
        Logging logging = logging(Level.INFO, stuck, 10);
        logging.begin();
        Log.of("n").info("first");
        assertTrue(stuck.reached.await(10, TimeUnit.SECONDS));
        long start = System.nanoTime();
        logging.close();
        long tookMillis = (System.nanoTime() - start) / 1_000_000;
        stuck.free.countDown();
        // It goes on to the file, which must not be written while the folder is deleted.
        Eventually.await("the writer has ended", Duration.ofSeconds(10), logging::ended);
        assertTrue(tookMillis >= 1_900 && tookMillis < 6_000, "took " + tookMillis + " ms");
    }

    @Test
    void a_file_that_cannot_be_written_is_reported_once_and_lines_go_on() throws IOException {
        Files.writeString(folder.resolve("logs"), "a file where the folder should be");
        LogOptions options = new LogOptions(false, Level.INFO, folder.resolve("logs"), ZoneOffset.UTC);
        LogWriter writer = new LogWriter(options, new PrintStream(console, true, StandardCharsets.UTF_8));
        List<Logging.Stamped> batch = List.of(new Logging.Stamped(0, new LogLine(Level.INFO, "n", "line", List.of(), null)));
        writer.write(batch);
        writer.write(batch);
        Files.delete(folder.resolve("logs"));
        writer.write(batch);
        writer.write(batch);
        writer.close();
        String shown = console.toString(StandardCharsets.UTF_8);
        assertEquals(4, shown.split("n  line\n", -1).length - 1);
        assertEquals(1, shown.split("cannot be written", -1).length - 1);
        assertEquals(1, shown.split("written again", -1).length - 1);
        assertEquals(2, file().size());
    }

    @Test
    void half_a_line_left_by_a_kill_does_not_swallow_the_next() throws IOException {
        Files.createDirectories(folder.resolve("logs"));
        Files.writeString(folder.resolve("logs/app.log"), "whole\nhal");
        try (Logging logging = logging(Level.INFO, console, 10)) {
            logging.begin();
            Log.of("n").info("next");
        }
        assertEquals(List.of("whole", "hal", "2026-01-02 03:04:05.678Z INFO  n  next"), file());
    }

    @Test
    void an_exception_that_misbehaves_does_not_end_the_writer() throws IOException {
        Exception bad = new Exception("bad") {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized Throwable getCause() {
                throw new IllegalStateException("no cause for you");
            }
        };
        try (Logging logging = logging(Level.INFO, console, 10)) {
            logging.begin();
            Log.of("n").error("first", bad);
            Log.of("n").info("second");
        }
        assertEquals(2, file().size());
        assertTrue(file().getFirst().endsWith("first error=java.lang.IllegalStateException"));
    }

    @Test
    void warnings_of_java_util_logging_come_through_and_the_rest_is_quiet() throws IOException {
        Logger driver = Logger.getLogger("some.driver");
        try (Logging logging = logging(Level.INFO, console, 10)) {
            logging.begin();
            driver.info("chatter");
            driver.warning("trouble");
        }
        assertEquals(List.of("2026-01-02 03:04:05.678Z WARN  some.driver  trouble"), file());
    }

    @Test
    void the_sink_and_the_handlers_before_are_back_after_close() {
        Log.Sink capture = new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return true;
            }

            @Override
            public void write(LogLine line) {
                throw new AssertionError("no line expected");
            }
        };
        Log.Sink first = Log.setSink(capture);
        try {
            int handlers = Logger.getLogger("").getHandlers().length;
            Logging logging = logging(Level.INFO, console, 10);
            logging.begin();
            logging.close();
            logging.close();
            assertEquals(handlers, Logger.getLogger("").getHandlers().length);
            assertSame(capture, Log.setSink(first));
        } finally {
            Log.setSink(first);
        }
    }

    @Test
    void without_a_sink_info_is_wanted_and_debug_is_not() {
        StderrSink stderr = new StderrSink();
        assertTrue(stderr.accepts(Level.INFO));
        assertFalse(stderr.accepts(Level.DEBUG));
    }
}
