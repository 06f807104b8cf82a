package io.natsjob;

import io.natsjob.config.Config;
import io.natsjob.config.ConfigDraft;
import io.natsjob.config.ConfigException;
import io.natsjob.config.ConfigSources;
import io.natsjob.config.ConfigText;
import io.natsjob.config.FirstConfigFile;
import io.natsjob.config.Nearest;
import io.natsjob.demo.DemoWorker;
import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * The command line: reads the configuration and hands it to the {@link Server}, or does one of the small commands.
 * Exit status 0 for done, 1 for a server that failed, 2 for a command line or configuration that is wrong.
 */
public final class Main {
    static final int EXIT_OK = 0;
    static final int EXIT_FAILED = 1;
    static final int EXIT_USAGE = 2;

    private static final String ORIGINAL_FLAG = "--url-of-original";
    private static final Log LOG = Log.of("main");
    private static final List<String> COMMANDS = List.of("server", "demo-worker", "check-config", "import", "backup", "help", "version");

    private final Map<String, String> environment;
    private final Path workingFolder;
    private final PrintStream out;
    private final PrintStream err;
    private final Command server;
    private final DemoCommand demo;

    /** Runs the server until it has stopped. */
    @FunctionalInterface
    interface Command {
        /** The exit status. */
        int run(Config config) throws Exception;
    }

    /** Runs the demo worker with the arguments after its name. */
    @FunctionalInterface
    interface DemoCommand {
        void run(String... arguments) throws Exception;
    }

    Main(Map<String, String> environment, Path workingFolder, PrintStream out, PrintStream err, Command server, DemoCommand demo) {
        this.environment = environment;
        this.workingFolder = workingFolder;
        this.out = out;
        this.err = err;
        this.server = server;
        this.demo = demo;
    }

    /** The process's entry. */
    public static void main(String... arguments) {
        // UTF-8 whatever the locale says: paths and user names may be in any script.
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Main main = new Main(System.getenv(), Path.of(""), out, err, Server::run, DemoWorker::main);
        System.exit(main.run(arguments));
    }

    /** The exit status of the command that the arguments name; {@code server} where they name none. */
    int run(String... arguments) {
        List<String> all = Arrays.asList(arguments);
        boolean named = !all.isEmpty() && !all.getFirst().startsWith("-");
        String command = named ? all.getFirst() : "server";
        List<String> rest = named ? all.subList(1, all.size()) : all;
        if (!command.equals("demo-worker")) {
            command = rest.contains("--help") || rest.contains("-h") ? "help" : rest.contains("--version") ? "version" : command;
        }
        return switch (command) {
            case "server" -> serve(rest);
            case "demo-worker" -> demo(rest);
            case "check-config" -> checkConfig(rest);
            case "import" -> importPreview(new ArrayList<>(rest));
            case "backup" -> backup(new ArrayList<>(rest));
            case "help" -> print(help());
            case "version" -> print("natsjob " + Version.text() + "\n");
            default -> wrong(List.of("unknown command " + shown(command) + Nearest.hint(command, COMMANDS) + " (see --help)"));
        };
    }

    private int serve(List<String> arguments) {
        try {
            Config config = draft(arguments).config();
            Optional<String> warning = FirstConfigFile.createIn(config.confFolder());
            return server.run(warning.map(config::withWarning).orElse(config));
        } catch (ConfigException e) {
            return wrong(e.problems());
        } catch (Exception e) {
            LOG.error("the server failed", e);
            return EXIT_FAILED;
        }
    }

    private int demo(List<String> arguments) {
        try {
            demo.run(arguments.toArray(String[]::new));
            return EXIT_OK;
        } catch (Exception e) {
            LOG.error("the demo worker failed", e);
            return EXIT_FAILED;
        }
    }

    private int checkConfig(List<String> arguments) {
        ConfigDraft draft = draft(arguments);
        print(ConfigText.listing(draft));
        return draft.problems().isEmpty() ? EXIT_OK : wrong(draft.problems());
    }

    private int importPreview(List<String> arguments) {
        boolean dry = arguments.remove("--dry-run");
        String original = taken(arguments, ORIGINAL_FLAG);
        if (!dry) {
            return wrong(List.of("the import itself happens at the first start of the server; to see what it will do: " + ImportCommand.USAGE));
        }
        if (original != null && original.isBlank()) {
            return wrong(List.of("flag " + ORIGINAL_FLAG + " has no value: " + ImportCommand.USAGE));
        }
        return configured(arguments, config -> new ImportCommand(out, err, Clock.system()).run(config, original));
    }

    /** Takes a flag and its value out; null where it is not there, empty where its value is not. */
    private static String taken(List<String> arguments, String flag) {
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(flag + "=")) {
                return arguments.remove(i).substring(flag.length() + 1);
            }
            if (arguments.get(i).equals(flag)) {
                arguments.remove(i);
                return i < arguments.size() && !arguments.get(i).startsWith("--") ? arguments.remove(i) : "";
            }
        }
        return null;
    }

    private int backup(List<String> arguments) {
        boolean force = arguments.remove("--force");
        if (arguments.isEmpty() || arguments.getFirst().startsWith("--")) {
            return wrong(List.of("the file to write is missing: " + BackupCommand.USAGE));
        }
        Path target = workingFolder.resolve(arguments.removeFirst());
        return configured(arguments, config -> new BackupCommand(out, err, Clock.system()).run(config, target, force));
    }

    private int configured(List<String> arguments, ToIntFunction<Config> command) {
        try {
            return command.applyAsInt(draft(arguments).config());
        } catch (ConfigException e) {
            return wrong(e.problems());
        }
    }

    private ConfigDraft draft(List<String> arguments) {
        return new ConfigSources(environment, arguments, workingFolder, ZoneId.systemDefault()).read();
    }

    private int print(String text) {
        out.print(text);
        out.flush();
        return EXIT_OK;
    }

    private int wrong(List<String> problems) {
        problems.forEach(problem -> err.println("natsjob: " + problem));
        return EXIT_USAGE;
    }

    private static String shown(String word) {
        String cut = word.length() > 80 ? word.substring(0, 80) + "..." : word;
        return cut.replaceAll("\\p{Cntrl}", "?");
    }

    private static String help() {
        return """
                natsjob %s: schedules jobs and sends them over NATS to workers written in any language.

                Usage: java -jar natsjob.jar [command] [--NAME=value | --NAME value]...

                Commands:
                  server         runs the server (when no command is given)
                  demo-worker    runs a small worker that answers the demo job
                  check-config   prints each setting with its source, without secrets; status 2 where something is wrong
                  import --dry-run [--url-of-original PATH_OR_URL]
                                 prints what the first start would import from an original natsjob's database; writes nothing
                  backup FILE [--force]
                                 copies the SQLite database to FILE, also while the server runs; --force replaces FILE;
                                 a database server is copied by its own tool (docs/database.md)
                  help           this text (also --help)
                  version        the version (also --version)

                Settings, strongest first: environment variable, command line, ./config.yaml, conf/config.yaml, default.
                TZ in the environment sets the server's zone.

                %s""".formatted(Version.text(), ConfigText.help());
    }
}
