package io.natsjob.scenario;

import io.natsjob.testkit.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a start of the jar that cannot come up has left: its exit status and all that it has written.
 *
 * @param message the line that says why, without time and level; all lines where there are several
 * @param written console and log file
 */
record FailedStart(int status, String message, String written) {
    /** In every URL of these checks, raw and as percent-encoding leaves it. */
    static final String SECRET = "Geheim-9f2c";
    private static final Duration LIMIT = Duration.ofSeconds(100);
    private static final Pattern TRACE = Pattern.compile("(?m)^\\s+at [\\w.$/<>]+\\(|^Caused by: |^Exception in thread |\\bjava\\.(lang|sql|io|net)\\.\\w");
    private static final Pattern WHY = Pattern.compile("(?m)^natsjob: (.*)$|^\\S+ \\S+ ERROR +(?:\\S+ +)(.*)$");

    /** Starts the jar with these settings; there is no NATS, of which it must not speak last. */
    static FailedStart of(Map<String, String> settings) {
        try (ServerProcess process = ServerProcess.create("nats://127.0.0.1:1")) {
            settings.forEach(process::setting);
            int status = process.launch().awaitExit(LIMIT);
            Path log = process.folder().resolve("logs/app.log");
            String written = process.output() + (Files.exists(log) ? Files.readString(log) : "");
            return new FailedStart(status, why(process.output()), written);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String why(String output) {
        return String.join(" / ", WHY.matcher(output).results().map(line -> line.group(1) == null ? line.group(2) : line.group(1)).toList());
    }

    /** What does not hold; empty where all does. */
    List<String> faults(int expectedStatus, String... says) {
        List<String> faults = new ArrayList<>();
        if (status != expectedStatus) {
            faults.add("status " + status);
        }
        for (String part : says) {
            if (!message.contains(part)) {
                faults.add("does not say \"" + part + "\"");
            }
        }
        if (TRACE.matcher(written).find()) {
            faults.add("a stack trace");
        }
        if (written.contains(SECRET)) {
            faults.add("the password");
        }
        return faults;
    }
}
