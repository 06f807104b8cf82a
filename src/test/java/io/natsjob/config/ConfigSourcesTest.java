package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.log.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigSourcesTest {
    @TempDir
    private Path folder;

    private ConfigFixture fixture;

    @BeforeEach
    void setUp() {
        fixture = new ConfigFixture(folder);
    }

    @Test
    void without_any_source_the_defaults_count() {
        Config config = fixture.config();
        assertEquals(List.of("nats://127.0.0.1:4222"), config.nats().servers());
        assertEquals(7788, config.httpPort());
        assertEquals("0.0.0.0", config.httpBind());
        assertEquals("natsjob", config.loginUser());
        assertEquals("natsjob", config.loginPassword().reveal());
        assertTrue(config.defaultPassword());
        assertEquals(Duration.ofHours(2), config.loginLife());
        assertEquals(Optional.empty(), config.signingKey());
        assertEquals(folder.resolve("data/natsjob.db"), config.databaseFile());
        assertEquals(100, config.resultBatchesInFlight());
        assertEquals(Duration.ofHours(24), config.resultRetention());
        assertEquals(Duration.ofDays(30), config.tallyRetention());
        assertEquals("app", config.namespace());
        assertEquals(10L << 30, config.streamMaxBytes());
        assertFalse(config.resultKeyPreset());
        assertFalse(config.log().json());
        assertEquals(Level.INFO, config.log().level());
        assertEquals(folder.resolve("logs"), config.log().folder());
        assertEquals(folder.resolve("conf"), config.confFolder());
        assertEquals(ConfigFixture.SYSTEM_ZONE, config.zone());
    }

    @ParameterizedTest
    @CsvSource({
        "true, true, true, true, 1001, environment",
        "false, true, true, true, 1002, command line",
        "false, false, true, true, 1003, config.yaml",
        "false, false, false, true, 1004, conf/config.yaml",
        "false, false, false, false, 7788, default",
        "true, false, false, true, 1001, environment"
    })
    void the_strongest_source_that_gives_a_value_counts(
            boolean env, boolean flag, boolean file, boolean conf, int port, String source) {
        if (env) {
            fixture.env("NATSJOB_HTTP_PORT", "1001");
        }
        if (flag) {
            fixture.args("--NATSJOB_HTTP_PORT=1002");
        }
        if (file) {
            fixture.file("config.yaml", "NATSJOB_HTTP_PORT: \"1003\"\n");
        }
        if (conf) {
            fixture.file("conf/config.yaml", "NATSJOB_HTTP_PORT: \"1004\"\n");
        }
        assertEquals(port, fixture.config().httpPort());
        assertEquals(Path.of(source).toString(), fixture.draft().source(Setting.HTTP_PORT));
    }

    @Test
    void each_setting_goes_by_itself() {
        Config config = fixture.file("config.yaml", "NATSJOB_HTTP_PORT: 1003\n").file("conf/config.yaml", "NATSJOB_HTTP_BIND: 127.0.0.1\n").config();
        assertEquals(1003, config.httpPort());
        assertEquals("127.0.0.1", config.httpBind());
    }

    @Test
    void an_empty_value_counts_as_not_set_in_every_source() {
        fixture.env("NATSJOB_HTTP_PORT", " ").args("--NATSJOB_HTTP_PORT=").file("config.yaml", "NATSJOB_HTTP_PORT: \"\"\n")
                .file("conf/config.yaml", "NATSJOB_HTTP_PORT:\n");
        assertEquals(7788, fixture.config().httpPort());
    }

    @Test
    void a_flag_takes_its_value_after_an_equals_sign_or_a_blank_and_the_last_counts() {
        Config config = fixture.args("--NATSJOB_HTTP_PORT", "1", "--NATSJOB_LOGIN_USER=a=b", "--NATSJOB_HTTP_PORT=2").config();
        assertEquals(2, config.httpPort());
        assertEquals("a=b", config.loginUser());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--NATSJOB_HTTP_PROT=1|unknown flag --NATSJOB_HTTP_PROT, did you mean NATSJOB_HTTP_PORT? (see --help)",
        "--NATSJOB_LOGIN_PW=hunter2|unknown flag --NATSJOB_LOGIN_PW, did you mean NATSJOB_LOGIN_PWD? (see --help)",
        "--port=1|unknown flag --port (see --help)",
        "--NATSJOB_HTTP_PORT|flag --NATSJOB_HTTP_PORT has no value; write --NATSJOB_HTTP_PORT=value",
        "hunter2|argument 1 is neither a flag nor a flag's value; allowed: --NAME=value or --NAME value",
        "-v|argument 1 is neither a flag nor a flag's value; allowed: --NAME=value or --NAME value"
    })
    void a_bad_command_line_is_one_problem(String argument, String problem) {
        assertEquals(problem, fixture.args(argument).problem());
    }

    @Test
    void a_flag_does_not_take_the_next_flag_for_its_value() {
        assertEquals("flag --NATSJOB_LOGIN_PWD has no value; write --NATSJOB_LOGIN_PWD=value",
                fixture.args("--NATSJOB_LOGIN_PWD", "--NATSJOB_HTTP_PORT=1").problem());
    }

    @Test
    void an_unknown_variable_is_one_warning_without_its_value() {
        ConfigDraft draft = fixture.env("NATSJOB_LOGIN_PASSWD", "hunter2").env("NATSJOB_LOGIN_PWD", "set").env("OTHER", "x").draft();
        assertEquals(List.of("unknown environment variable NATSJOB_LOGIN_PASSWD has no effect, did you mean NATSJOB_LOGIN_PWD?"), draft.warnings());
        assertEquals(List.of(), draft.problems());
    }

    @Test
    void the_folders_move_with_their_settings() {
        Config config = fixture.env("NATSJOB_DATA_DIR", "d").env("NATSJOB_LOG_DIR", "/var/log/natsjob").args("--NATSJOB_CONF_DIR=c")
                .file("c/config.yaml", "NATSJOB_HTTP_PORT: 5\n").file("conf/config.yaml", "NATSJOB_HTTP_PORT: 6\n").config();
        assertEquals(folder.resolve("d/natsjob.db"), config.databaseFile());
        assertEquals(Path.of("/var/log/natsjob"), config.log().folder());
        assertEquals(5, config.httpPort());
    }

    @Test
    void the_conf_folder_cannot_be_moved_by_the_file_in_it() {
        ConfigDraft draft = fixture.file("conf/config.yaml", "NATSJOB_CONF_DIR: elsewhere\n").draft();
        assertEquals("conf", draft.shown(Setting.CONF_DIR));
        assertTrue(draft.warnings().contains("NATSJOB_CONF_DIR in " + Path.of("conf/config.yaml") + " has no effect"), draft.warnings().toString());
    }

    @ParameterizedTest
    @CsvSource({"data/x.db, data/x.db", "file:x.db, x.db", "jdbc:sqlite:x.db, x.db", "jdbc:sqlite:file:x.db, x.db"})
    void a_sqlite_file_may_be_named_in_several_ways(String url, String path) {
        assertEquals(folder.resolve(path), fixture.env("NATSJOB_DB_URL", url).config().databaseFile());
    }

    @ParameterizedTest
    @CsvSource({"Asia/Shanghai, Asia/Shanghai", ":Asia/Shanghai, Asia/Shanghai", "UTC, UTC"})
    void tz_sets_the_zone(String tz, String zone) {
        ConfigDraft draft = fixture.env("TZ", tz).draft();
        assertEquals(ZoneId.of(zone), draft.zone());
        assertEquals("environment", draft.zoneSource());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  "})
    void an_empty_tz_leaves_the_system_zone(String tz) {
        ConfigDraft draft = fixture.env("TZ", tz).draft();
        assertEquals(ConfigFixture.SYSTEM_ZONE, draft.zone());
        assertEquals("system", draft.zoneSource());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mars/Olympus", "asia/shanghai", "CST-8", "Asia/Shanghai\n"})
    void an_unknown_tz_is_a_problem_that_names_it(String tz) {
        if (tz.endsWith("\n")) {
            assertEquals(List.of(), fixture.env("TZ", tz).draft().problems());
        } else {
            assertEquals("TZ=" + tz + " (environment) is not allowed: no such zone; expected a name such as Asia/Shanghai or UTC",
                    fixture.env("TZ", tz).problem());
        }
    }

    @ParameterizedTest
    @CsvSource({"1048576, 1048576", "5MB, 5000000", "5MiB, 5242880", "2 gb, 2000000000", "2GiB, 2147483648", "1TiB, 1099511627776", "2097152B, 2097152"})
    void sizes_take_units(String text, long bytes) {
        assertEquals(bytes, fixture.env("NATSJOB_STREAM_MAX_BYTES", text).config().streamMaxBytes());
    }

    @Test
    void words_are_read_in_any_case() {
        Config config = fixture.env("NATSJOB_LOG_ENV", "JSON").env("NATSJOB_LOG_LEVEL", "Debug").env("NATSJOB_RESULT_KEY_PRESET", "True")
                .env("NATSJOB_DB_TYPE", "SQLite").config();
        assertTrue(config.log().json());
        assertEquals(Level.DEBUG, config.log().level());
        assertTrue(config.resultKeyPreset());
    }

    @Test
    void the_setting_without_effect_is_warned_of() {
        assertTrue(fixture.env("NATSJOB_NAMESPACE_ONLY_JOB", "true").draft().warnings().contains("NATSJOB_NAMESPACE_ONLY_JOB=true has no effect"));
    }

    @Test
    void a_later_warning_is_added_and_the_rest_kept() {
        Config config = fixture.config();
        assertEquals(config.warnings().size() + 1, config.withWarning("more").warnings().size());
        assertEquals("more", config.withWarning("more").warnings().getLast());
    }
}
