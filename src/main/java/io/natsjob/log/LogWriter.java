package io.natsjob.log;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lays lines out and writes them, to the console first. A failing file is reported on the console once until it works again. */
final class LogWriter implements AutoCloseable {
    private final LogOptions options;
    private final LineFormat format;
    private final PrintStream console;
    private final LogFile file;
    private boolean fileFails;

    LogWriter(LogOptions options, PrintStream console) {
        this.options = options;
        this.format = options.json() ? LineFormat.JSON : LineFormat.TEXT;
        this.console = console;
        this.file = new LogFile(options.folder());
    }

    void write(List<Logging.Stamped> batch) {
        if (batch.isEmpty()) {
            return;
        }
        StringBuilder lines = new StringBuilder(batch.size() * 160);
        for (Logging.Stamped stamped : batch) {
            lines.append(layout(stamped));
        }
        byte[] bytes = lines.toString().getBytes(StandardCharsets.UTF_8);
        print(bytes);
        long millis = batch.getLast().millis();
        try {
            file.append(bytes);
            if (fileFails) {
                fileFails = false;
                report(millis, Level.INFO, "the log file is written again", "file", file.path());
            }
        } catch (IOException | RuntimeException e) {
            if (!fileFails) {
                fileFails = true;
                report(millis, Level.ERROR, "the log file cannot be written, lines go to the console only", "file", file.path(), "reason", e);
            }
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            // Nothing was buffered, so nothing is lost; the console is the last place that can hear of it.
            console.println("the log file could not be closed: " + e.getMessage());
        }
    }

    private String layout(Logging.Stamped stamped) {
        try {
            return format.line(stamped.millis(), options.zone(), stamped.line());
        } catch (RuntimeException e) {
            // An exception of somebody else's class may misbehave while it is read; its line must not end the writer.
            LogLine line = stamped.line();
            LogLine without = new LogLine(line.level(), line.logger(), line.message(), Fields.of("error", e.getClass().getName()), null);
            return format.line(stamped.millis(), options.zone(), without);
        }
    }

    private void report(long millis, Level level, String message, Object... keyValues) {
        LogLine line = new LogLine(level, "log", message, Fields.of(keyValues), null);
        print(format.line(millis, options.zone(), line).getBytes(StandardCharsets.UTF_8));
    }

    private void print(byte[] lines) {
        // As bytes: the console's own charset would turn every other script into question marks.
        console.write(lines, 0, lines.length);
        console.flush();
    }
}
