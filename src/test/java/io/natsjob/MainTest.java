package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.config.Config;
import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Config> served = new ArrayList<>();
    private final List<List<String>> demos = new ArrayList<>();

    private int run(Map<String, String> environment, String... arguments) {
        return new Main(environment, folder, new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8),
                this::serve, demo -> demos.add(List.of(demo))).run(arguments);
    }

    private int serve(Config config) {
        served.add(config);
        if (config.httpPort() == 13) {
            throw new IllegalStateException("no server today");
        }
        return config.httpPort() == 7 ? 7 : 0;
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @Test
    void without_a_command_the_server_runs_and_its_status_is_returned() {
        assertEquals(7, run(Map.of(), "--NATSJOB_HTTP_PORT=7"));
        assertEquals(7, run(Map.of("NATSJOB_HTTP_PORT", "7"), "server"));
        assertEquals(2, served.size());
        assertTrue(Files.exists(folder.resolve("conf/config.yaml")));
    }

    @Test
    void a_bad_setting_is_one_line_and_status_2_and_nothing_starts() {
        assertEquals(2, run(Map.of("NATSJOB_HTTP_PORT", "x")));
        assertEquals("natsjob: NATSJOB_HTTP_PORT=x (environment) is not allowed: not a whole number; expected whole number 0..65535\n", err().replace("\r", ""));
        assertEquals(List.of(), served);
        assertFalse(Files.exists(folder.resolve("conf")));
    }

    @Test
    void a_conf_folder_that_cannot_be_made_is_a_warning_and_the_server_runs() throws IOException {
        Files.writeString(folder.resolve("blocked"), "a file where a folder should be");
        assertEquals(0, run(Map.of("NATSJOB_CONF_DIR", "blocked/conf")));
        assertTrue(served.getFirst().warnings().getLast().startsWith("no config.yaml was created in "));
    }

    @Test
    void a_server_that_fails_is_status_1_and_an_error_in_the_log() {
        List<LogLine> lines = new ArrayList<>();
        Log.Sink before = Log.setSink(new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return true;
            }

            @Override
            public void write(LogLine line) {
                lines.add(line);
            }
        });
        try {
            assertEquals(1, run(Map.of("NATSJOB_HTTP_PORT", "13")));
        } finally {
            Log.setSink(before);
        }
        assertEquals("no server today", lines.getFirst().error().getMessage());
    }

    @Test
    void check_config_lists_every_value_with_its_source_and_touches_nothing() {
        assertEquals(0, run(Map.of("NATSJOB_LOGIN_PWD", "hunter2", "TZ", "Asia/Shanghai", "NATSJOB_NOPE", "x"), "check-config", "--NATSJOB_HTTP_PORT=1"));
        List<String> rows = out().lines().map(line -> line.replaceAll(" +", " ")).toList();
        assertTrue(rows.contains("NATSJOB_HTTP_PORT 1 command line"), out());
        assertTrue(rows.contains("NATSJOB_LOGIN_PWD *** environment"), out());
        assertTrue(rows.contains("NATSJOB_SECRET_KEY (not set) default"), out());
        assertTrue(rows.contains("TZ Asia/Shanghai environment"), out());
        assertTrue(rows.contains("warning: unknown environment variable NATSJOB_NOPE has no effect"), out());
        assertEquals("", err());
        assertFalse(out().contains("hunter2"));
        assertFalse(Files.exists(folder.resolve("conf")));
        assertEquals(List.of(), served);
    }

    @Test
    void check_config_with_a_bad_value_shows_the_rest_and_ends_with_2() {
        assertEquals(2, run(Map.of("TZ", "Mars/Olympus"), "check-config"));
        assertTrue(out().contains("NATSJOB_HTTP_PORT"));
        assertTrue(err().startsWith("natsjob: TZ=Mars/Olympus (environment) is not allowed: "), err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sever|unknown command sever, did you mean server? (see --help)",
        "checkconfig|unknown command checkconfig, did you mean check-config? (see --help)",
        "xyzzy|unknown command xyzzy (see --help)"
    })
    void an_unknown_command_is_status_2_with_the_nearest_name(String command, String message) {
        assertEquals(2, run(Map.of(), command));
        assertEquals("natsjob: " + message, err().strip());
    }

    @ParameterizedTest
    @ValueSource(strings = {"help", "--help", "-h", "server --help", "check-config --help"})
    void help_names_every_command_and_ends_with_0(String line) {
        assertEquals(0, run(Map.of(), line.split(" ")));
        for (String word : List.of("server", "demo-worker", "check-config", "import --dry-run", "--url-of-original", "backup FILE", "help", "version", "NATSJOB_HTTP_PORT", "7788")) {
            assertTrue(out().contains(word), word);
        }
        assertEquals("", err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"version", "--version"})
    void version_is_one_line(String argument) {
        assertEquals(0, run(Map.of(), argument));
        assertEquals("natsjob " + Version.text(), out().strip());
    }

    @Test
    void the_demo_worker_gets_the_arguments_after_its_name() {
        assertEquals(0, run(Map.of(), "demo-worker", "nats://127.0.0.1:4222", "--help"));
        assertEquals(List.of(List.of("nats://127.0.0.1:4222", "--help")), demos);
    }
}
