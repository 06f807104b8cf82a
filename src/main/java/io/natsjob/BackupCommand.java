package io.natsjob;

import io.natsjob.config.Config;
import io.natsjob.store.Backup;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** {@code backup FILE}: copies the SQLite database of a running or stopped server; of another kind it names the tool that does. */
final class BackupCommand {
    static final String USAGE = "backup FILE [--force]";
    private static final long TOLD_EACH_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;
    private long toldAt;

    BackupCommand(PrintStream out, PrintStream err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /** The exit status; {@code force} replaces a file that stands there. */
    int run(Config config, Path target, boolean force) {
        if (!config.sqlite()) {
            err.println("natsjob: backup copies SQLite files, and NATSJOB_DB_TYPE is " + config.databaseType() + ": use " + tool(config.databaseType())
                    + ", as docs/database.md says under Backup and restore");
            return Main.EXIT_USAGE;
        }
        long begun = clock.nanos();
        toldAt = begun;
        try {
            long bytes = Backup.copy(config.databaseFile(), target, force, this::tell);
            out.println(config.databaseFile() + " -> " + target + ": " + size(bytes) + " in " + seconds(clock.nanos() - begun));
            return Main.EXIT_OK;
        } catch (StoreException e) {
            err.println("natsjob: " + e.getMessage());
            return Main.EXIT_FAILED;
        }
    }

    private static String tool(String type) {
        return switch (type) {
            case "postgres" -> "pg_dump --format=custom";
            case "mysql" -> "mariadb-dump --single-transaction (MySQL: mysqldump --single-transaction)";
            default -> "dexp";
        };
    }

    private void tell(long bytes, long total) {
        long now = clock.nanos();
        if (now - toldAt >= TOLD_EACH_NANOS) {
            toldAt = now;
            out.println("copied " + size(bytes) + " of " + size(total) + " (" + (total == 0 ? 100 : bytes * 100 / total) + " %)");
        }
    }

    private static String size(long bytes) {
        return String.format(Locale.ROOT, "%.1f MB", bytes / 1e6);
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }
}
