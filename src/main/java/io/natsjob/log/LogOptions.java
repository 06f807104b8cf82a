package io.natsjob.log;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Objects;

/**
 * How the log is written.
 *
 * @param json one JSON object a line instead of text, on console and in the file
 * @param level lines below are not written
 * @param folder holds {@code app.log}; created where missing
 * @param zone zone of the times
 */
public record LogOptions(boolean json, Level level, Path folder, ZoneId zone) {
    public LogOptions {
        Objects.requireNonNull(level, "level");
        Objects.requireNonNull(folder, "folder");
        Objects.requireNonNull(zone, "zone");
    }
}
