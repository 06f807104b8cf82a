package io.natsjob;

import io.natsjob.config.Config;
import io.natsjob.store.Database;
import io.natsjob.store.OriginalTables;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreOptions;
import io.natsjob.time.Clock;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** {@code import --dry-run}: prints what the first start would import, and writes nothing. */
final class ImportCommand {
    static final String USAGE = "import --dry-run [--url-of-original PATH]";

    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;

    ImportCommand(PrintStream out, PrintStream err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /** The exit status; {@code original} is the file to look into: the configured database unless another was named. */
    int run(Config config, Path original) {
        try {
            StoreOptions options = new StoreOptions("sqlite", original.toString(), config.resultBatchesInFlight());
            List<String> lines = Database.peek(options, clock, sql -> switch (OriginalTables.state(sql)) {
                case IMPORTED -> List.of("natsjob has imported the original's jobs in this database before: a start imports nothing");
                case OVER -> List.of("natsjob has used this database before: a start imports nothing");
                case PENDING -> OriginalTables.present(sql) ? OriginalImport.preview(sql, config.zone(), clock.millis())
                        : List.of("no tables of an original natsjob (nj_namespace, nj_app, nj_app_job): a start imports nothing");
            });
            out.println("dry run, nothing is written: " + original);
            lines.forEach(out::println);
            return Main.EXIT_OK;
        } catch (StoreException | IllegalArgumentException e) {
            err.println("natsjob: " + e.getMessage());
            return Main.EXIT_FAILED;
        }
    }
}
