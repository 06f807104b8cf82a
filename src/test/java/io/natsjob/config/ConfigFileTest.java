package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConfigFileTest {
    @TempDir
    private Path folder;

    private ConfigFixture file(String text) {
        return new ConfigFixture(folder).file("config.yaml", text);
    }

    @Test
    void a_file_that_the_original_wrote_is_read_as_it_is() {
        Config config = file("""
                NATSJOB_LOG_ENV: "json"
                NATSJOB_NATS_URL: "nats://natsjob:pw@10.0.0.1:4222"
                NATSJOB_SECRET_KEY: "too-short"
                NATSJOB_HTTP_PORT: "7799"
                NATSJOB_LOGIN_USER: "natsjob"
                NATSJOB_LOGIN_PWD: "natsjob"
                NATSJOB_LOGIN_TOKEN_EXPIRE_HOURS: "3"
                NATSJOB_JOB_RESULT_EXPIRE_HOURS: "48"
                NATSJOB_DB_TYPE: "sqlite"
                NATSJOB_DB_URL: ""
                NATSJOB_DB_CHAN_COUNT: "100"
                """).config();
        assertTrue(config.log().json());
        assertEquals("pw", config.nats().password().reveal());
        assertEquals(7799, config.httpPort());
        assertEquals(Duration.ofHours(48), config.resultRetention());
        assertTrue(config.defaultPassword());
        assertTrue(config.signingKey().isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "7~7", "\"7\"~7", "'7'~7", "007~7", "7 # port~7", "!!str 7~7", "null~7788", "`\"\"`~7788"
    })
    void numbers_may_stand_in_quotes_or_not(String text, int port) {
        assertEquals(port, file("NATSJOB_HTTP_PORT: " + (text == null ? "" : text) + "\n").config().httpPort());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0123|0123", "1e5|1e5", "12:30|12:30", "yes|yes", "2026-01-01|2026-01-01", "0x1F|0x1F", "'a: b'|a: b"})
    void text_stays_as_it_is_written_whatever_yaml_takes_it_for(String written, String read) {
        String quoted = written.equals("a: b") ? "\"a: b\"" : written;
        assertEquals(read, file("NATSJOB_LOGIN_PWD: " + quoted + "\n").config().loginPassword().reveal());
    }

    @Test
    void keys_are_read_in_any_case_and_a_byte_order_mark_is_passed_over() {
        assertEquals(7, file("\ufeffnatsjob_http_port: 7\n").config().httpPort());
    }

    @ParameterizedTest
    @CsvSource({"''", "'# only a comment\n'", "'---\n'", "'{}'", "'~'", "'NATSJOB_HTTP_PORT: ~'"})
    void a_file_without_settings_is_fine(String text) {
        assertEquals(7788, file(text).config().httpPort());
    }

    static Stream<List<String>> badFiles() {
        return Stream.of(
                List.of("NATSJOB_HTTP_PORT:\n  hunter2: 1\n",
                        "config.yaml line 1: the value of NATSJOB_HTTP_PORT is not a single text; write NATSJOB_HTTP_PORT: \"value\""),
                List.of("a: 1\nNATSJOB_LOGIN_PWD: [hunter2]\n",
                        "config.yaml line 2: the value of NATSJOB_LOGIN_PWD is not a single text; write NATSJOB_LOGIN_PWD: \"value\""),
                List.of("NATSJOB_LOGIN_PWD: !hunter2\n", "config.yaml line 1: the value of NATSJOB_LOGIN_PWD must stand in quotes"),
                List.of("NATSJOB_LOGIN_PWD: &hunter2\n", "config.yaml line 1: the value of NATSJOB_LOGIN_PWD must stand in quotes"),
                List.of("NATSJOB_LOGIN_PWD: *hunter2\n", "config.yaml is not YAML in line 1; allowed: lines of the form NAME: \"value\""),
                List.of("NATSJOB_LOGIN_PWD: @hunter2\n", "config.yaml is not YAML in line 1; allowed: lines of the form NAME: \"value\""),
                List.of("NATSJOB_LOGIN_PWD: \"hunter2\n", "config.yaml is not YAML in line 2; allowed: lines of the form NAME: \"value\""),
                List.of("NATSJOB_LOGIN_PWD: hunter2\u0001\n", "config.yaml is not YAML; allowed: lines of the form NAME: \"value\", no control characters"),
                List.of("NATSJOB_HTTP_PORT: 1\nnatsjob_http_port: 2\n", "config.yaml line 2: NATSJOB_HTTP_PORT stands there twice"),
                List.of("[hunter2]: 1\n", "config.yaml line 1: the key is not a name"),
                List.of("hunter2", "config.yaml is not a list of lines of the form NAME: \"value\""),
                List.of("- NATSJOB_LOGIN_PWD=hunter2\n", "config.yaml is not a list of lines of the form NAME: \"value\""));
    }

    @ParameterizedTest
    @MethodSource("badFiles")
    void a_bad_file_is_one_problem_that_shows_no_text_of_it(List<String> textAndProblem) {
        assertEquals(textAndProblem.get(1), file(textAndProblem.get(0)).problem());
        assertFalse(textAndProblem.get(1).contains("hunter2"));
    }

    @Test
    void bombs_are_refused_quickly() {
        assertTrue(file("x: " + "[".repeat(100_000)).problem().startsWith("config.yaml is not YAML"));
        assertTrue(file("#" + "x".repeat(ConfigFile.MAX_BYTES)).problem().endsWith("is larger than 1048576 bytes"));
        assertEquals(List.of(), file("NATSJOB_HTTP_BIND: &a 127.0.0.1\nNATSJOB_LOGIN_USER: *a\n").draft().problems());
    }

    @Test
    void a_class_named_in_the_file_is_never_made() {
        String problem = file("NATSJOB_HTTP_PORT: !!javax.script.ScriptEngineManager [1]\n").problem();
        assertTrue(problem.startsWith("config.yaml is not YAML in line 1"), problem);
    }

    @Test
    void malformed_utf8_and_a_folder_in_its_place_are_problems() throws IOException {
        Files.write(folder.resolve("config.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        assertEquals("config.yaml is not UTF-8", new ConfigFixture(folder).problem());
        Files.delete(folder.resolve("config.yaml"));
        Files.createDirectory(folder.resolve("config.yaml"));
        assertTrue(new ConfigFixture(folder).problem().startsWith("config.yaml cannot be read: "));
    }

    @Test
    void an_unknown_key_is_one_warning_without_its_value() {
        ConfigDraft draft = file("NATSJOB_LOGIN_PWD: set\nNATSJOB_HTTP_PROT: hunter2\nserver: {port: 1}\n").draft();
        assertEquals(List.of("unknown key in config.yaml line 2 has no effect: NATSJOB_HTTP_PROT, did you mean NATSJOB_HTTP_PORT?",
                "unknown key in config.yaml line 3 has no effect: server"), draft.warnings());
        assertEquals(List.of(), draft.problems());
    }
}
