package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BadValueTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "NATSJOB_HTTP_PORT|65536|out of bounds",
        "NATSJOB_HTTP_PORT|-1|not a whole number",
        "NATSJOB_HTTP_PORT|7788x|not a whole number",
        "NATSJOB_HTTP_PORT|0x10|not a whole number",
        "NATSJOB_HTTP_PORT|99999999999999999999|not a whole number",
        "NATSJOB_HTTP_PORT|٣|not a whole number",
        "NATSJOB_HTTP_BIND|two words|wrong characters or too long",
        "NATSJOB_LOGIN_TOKEN_EXPIRE_HOURS|0|out of bounds",
        "NATSJOB_LOGIN_TOKEN_EXPIRE_HOURS|8761|out of bounds",
        "NATSJOB_LOGIN_TOKEN_EXPIRE_HOURS|2h|not a whole number",
        "NATSJOB_JOB_RESULT_EXPIRE_HOURS|0|out of bounds",
        "NATSJOB_JOB_RESULT_EXPIRE_HOURS|87601|out of bounds",
        "NATSJOB_DB_CHAN_COUNT|0|out of bounds",
        "NATSJOB_DB_CHAN_COUNT|100001|out of bounds",
        "NATSJOB_TALLY_DAYS|0|out of bounds",
        "NATSJOB_TALLY_DAYS|3651|out of bounds",
        "NATSJOB_LOG_ENV|text|unknown word",
        "NATSJOB_LOG_LEVEL|trace|unknown word",
        "NATSJOB_NAMESPACE|a.b|wrong characters or too long",
        "NATSJOB_NAMESPACE|-a|wrong characters or too long",
        "NATSJOB_NAMESPACE_ONLY_JOB|yes|unknown word",
        "NATSJOB_RESULT_KEY_PRESET|1|unknown word",
        "NATSJOB_STREAM_MAX_BYTES|1|out of bounds",
        "NATSJOB_STREAM_MAX_BYTES|-1|not a size",
        "NATSJOB_STREAM_MAX_BYTES|10XB|unknown unit",
        "NATSJOB_STREAM_MAX_BYTES|999999999999999999TB|out of bounds",
        "NATSJOB_STREAM_MAX_BYTES|1.5GB|not a size",
        "NATSJOB_DB_TYPE|oracle|unknown word"
    })
    void a_bad_value_is_one_line_with_name_value_source_reason_and_form(String name, String value, String reason) {
        Setting<?> setting = Setting.named(name).orElseThrow();
        assertEquals(name + "=" + value + " (command line) is not allowed: " + reason + "; expected " + setting.words(),
                new ConfigFixture(folder).args("--" + name + "=" + value).problem());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "data/natsjob.db?mode=ro|options after ? are not accepted",
        "root:hunter2@tcp(127.0.0.1:3306)/natsjob|the URL of another database, while NATSJOB_DB_TYPE is sqlite",
        "root:hunter2@tcp(127.0.0.1:3306)/natsjob?charset=utf8mb4|the URL of another database, while NATSJOB_DB_TYPE is sqlite",
        "host=127.0.0.1 password=hunter2|the URL of another database, while NATSJOB_DB_TYPE is sqlite",
        "jdbc:mysql://h/db|the URL of another database, while NATSJOB_DB_TYPE is sqlite",
        ":memory:|a database in memory would lose every run",
        "jdbc:sqlite:|not a path"
    })
    void a_url_that_names_no_sqlite_file_is_refused(String url, String reason) {
        String problem = new ConfigFixture(folder).env("NATSJOB_DB_URL", url).problem();
        assertTrue(problem.contains(" (environment) is not allowed: " + reason + "; expected SQLite file"), problem);
        assertEquals(reason.startsWith("the URL"), problem.endsWith("; or set NATSJOB_DB_TYPE to mysql, postgres or dm"), problem);
        assertFalse(problem.contains("hunter2"), problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root:hunter2@tcp(127.0.0.1:3306)/natsjob?charset=utf8mb4&loc=Asia/Shanghai", "root:hunter2@/natsjob", "root:hun/ter2?@unix(/run/s)/d",
        "host=127.0.0.1 user=postgres password=hunter2? dbname=natsjob", "password='hunter2' host=h", "postgres://u:hunter2@h/d", "dm://SYSDBA:hunter2@h:5236?schema=d",
        "jdbc:mysql://h/d?user=u&password=hunter2"})
    void beside_a_written_sqlite_the_url_of_a_server_is_warned_of_and_not_used(String url) {
        ConfigFixture fixture = new ConfigFixture(folder).file("conf/config.yaml", "NATSJOB_DB_TYPE: \"sqlite\"\nNATSJOB_DB_URL: \"" + url + "\"\n");
        Config config = fixture.config();
        assertEquals(folder.resolve("data/natsjob.db"), config.databaseFile());
        assertEquals(config.databaseFile().toString(), config.databaseUrl().reveal());
        List<String> warnings = config.warnings().stream().filter(warning -> warning.startsWith("NATSJOB_DB_URL")).toList();
        assertEquals(List.of("NATSJOB_DB_URL (" + Path.of("conf/config.yaml") + ") is the URL of a server and has no effect while NATSJOB_DB_TYPE is sqlite: "
                + "the database is natsjob.db in the data folder"), warnings);
        assertFalse((config + ConfigText.listing(fixture.draft())).contains("hun"), config.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/x.db", "/srv/team@home/x.db", "a=b.db", "jdbc:sqlite:x.db", "file:x.db", "C:/data/x.db", "x.db?mode=ro", "root:hunter2@h:3306/d"})
    void what_may_be_a_path_is_not_passed_over(String url) {
        assertFalse(DatabaseUrl.ofServer(url));
        ConfigDraft draft = new ConfigFixture(folder).env("NATSJOB_DB_TYPE", "sqlite").env("NATSJOB_DB_URL", url).draft();
        assertTrue(draft.warnings().stream().noneMatch(warning -> warning.startsWith("NATSJOB_DB_URL")), draft.warnings().toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql", "postgres", "dm", "MySQL"})
    void a_server_needs_its_address_and_gets_it_as_it_is(String type) {
        String problem = new ConfigFixture(folder).env("NATSJOB_DB_TYPE", type).problem();
        assertTrue(problem.startsWith("NATSJOB_DB_URL is not set: NATSJOB_DB_TYPE=" + type.toLowerCase(Locale.ROOT) + " needs the address of the server"), problem);
        Config config = new ConfigFixture(folder).env("NATSJOB_DB_TYPE", type).env("NATSJOB_DB_URL", "root:hunter2@tcp(h:1)/d").config();
        assertEquals(type.toLowerCase(Locale.ROOT), config.databaseType());
        assertEquals("root:hunter2@tcp(h:1)/d", config.databaseUrl().reveal());
        assertFalse(config.toString().contains("hunter2"));
    }

    @Test
    void nothing_is_said_of_the_url_while_the_kind_of_database_is_unknown() {
        String problem = new ConfigFixture(folder).env("NATSJOB_DB_TYPE", "oracle").env("NATSJOB_DB_URL", "root:hunter2@tcp(h:1)/d").problem();
        assertTrue(problem.startsWith("NATSJOB_DB_TYPE=oracle"), problem);
    }

    @Test
    void too_long_texts_are_refused_and_secret_ones_not_shown() {
        assertTrue(new ConfigFixture(folder).env("NATSJOB_LOGIN_USER", "u".repeat(65)).problem().contains("too long"));
        String problem = new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "hunter2".repeat(40)).problem();
        assertEquals("NATSJOB_LOGIN_PWD=*** (environment) is not allowed: longer than 256 characters; expected text of 1..256 characters", problem);
    }

    @Test
    void a_long_or_multi_line_value_is_shown_short_and_on_one_line() {
        String problem = new ConfigFixture(folder).env("NATSJOB_LOG_ENV", "x\ny\u001b[31m" + "z".repeat(5000)).problem();
        assertEquals(1, problem.lines().count());
        assertTrue(problem.startsWith("NATSJOB_LOG_ENV=x?y?[31mz") && problem.length() < 400, problem);
    }

    @Test
    void every_problem_is_reported_at_once_and_no_config_comes_out() {
        ConfigDraft draft = new ConfigFixture(folder).env("NATSJOB_HTTP_PORT", "x").env("NATSJOB_LOG_ENV", "y").args("--nope").draft();
        assertEquals(3, draft.problems().size());
        ConfigException e = assertThrows(ConfigException.class, draft::config);
        assertEquals(draft.problems(), e.problems());
    }

    @Test
    void a_service_port_of_kubernetes_is_explained() {
        String problem = new ConfigFixture(folder).env("NATSJOB_HTTP_PORT", "tcp://10.0.0.7:80").problem();
        assertTrue(problem.endsWith("Kubernetes sets such a variable for a Service: rename it or set enableServiceLinks: false"), problem);
    }

    @Test
    void variables_that_kubernetes_sets_for_services_are_passed_over_in_silence() {
        ConfigFixture fixture = new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "set");
        Arrays.asList("NATSJOB_PORT", "NATSJOB_SERVICE_HOST", "NATSJOB_SERVICE_PORT", "NATSJOB_SERVICE_PORT_HTTP", "NATSJOB_PORT_7788_TCP",
                "NATSJOB_PORT_7788_TCP_PROTO", "NATSJOB_PORT_7788_TCP_PORT", "NATSJOB_PORT_7788_TCP_ADDR", "NATSJOB_WEB_SERVICE_HOST",
                "NATSJOB_WEB_SERVICE_PORT", "NATSJOB_WEB_PORT_80_TCP_ADDR", "NATSJOB_WEB_PORT").forEach(name -> fixture.env(name, "tcp://10.0.0.7:80"));
        assertEquals("[]", fixture.draft().warnings().toString());
    }

    @Test
    void a_port_variable_that_kubernetes_would_not_write_is_warned_of() {
        assertEquals(1, new ConfigFixture(folder).env("NATSJOB_LOGIN_PWD", "set").env("NATSJOB_WEB_PORT", "80").draft().warnings().size());
    }

    @Test
    void no_setting_has_a_name_that_kubernetes_would_set_for_a_service_named_natsjob() {
        for (String name : Setting.NAMES) {
            assertFalse(KubernetesNames.matches(name, "10.0.0.7"), name);
        }
    }
}
