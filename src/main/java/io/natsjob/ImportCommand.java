package io.natsjob;

import io.natsjob.config.Config;
import io.natsjob.config.Secret;
import io.natsjob.store.Database;
import io.natsjob.store.DatabaseAddress;
import io.natsjob.store.OriginalTables;
import io.natsjob.store.OriginalZone;
import io.natsjob.store.StoreException;
import io.natsjob.store.StoreOptions;
import io.natsjob.time.Clock;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;

/** {@code import --dry-run}: prints what the first start would import, and writes nothing. */
final class ImportCommand {
    static final String USAGE = "import --dry-run [--url-of-original PATH_OR_URL]";

    private final PrintStream out;
    private final PrintStream err;
    private final Clock clock;

    ImportCommand(PrintStream out, PrintStream err, Clock clock) {
        this.out = out;
        this.err = err;
        this.clock = clock;
    }

    /**
     * The exit status.
     *
     * @param original where to look, of the configured kind and in the forms of NATSJOB_DB_URL; null for the configured database
     */
    int run(Config config, String original) {
        Optional<Secret> url = original == null ? Optional.of(config.databaseUrl()) : config.databaseUrl(original);
        if (url.isEmpty()) {
            err.println("natsjob: the value of --url-of-original names no SQLite file, while NATSJOB_DB_TYPE is sqlite: expected a path, without options");
            return Main.EXIT_USAGE;
        }
        try {
            StoreOptions options = new StoreOptions(config.databaseType(), url.get().reveal(), config.resultBatchesInFlight());
            String place = place(config, options);
            List<String> lines = Database.peek(options, clock, sql -> switch (OriginalTables.state(sql)) {
                case IMPORTED -> List.of("natsjob has imported the original's jobs in this database before: a start imports nothing");
                case OVER -> List.of("natsjob has used this database before: a start imports nothing");
                case PENDING -> OriginalTables.present(sql) ? OriginalImport.preview(sql, OriginalZone.of(options, config.zone()), clock.millis())
                        : List.of("no tables of an original natsjob (nj_namespace, nj_app, nj_app_job): a start imports nothing");
            });
            out.println("dry run, nothing is written: " + place);
            lines.forEach(out::println);
            return Main.EXIT_OK;
        } catch (StoreException | IllegalArgumentException e) {
            err.println("natsjob: " + e.getMessage());
            return Main.EXIT_FAILED;
        }
    }

    private static String place(Config config, StoreOptions options) {
        return config.sqlite() ? options.url() : DatabaseAddress.parse(options.type(), options.url()).describe();
    }
}
