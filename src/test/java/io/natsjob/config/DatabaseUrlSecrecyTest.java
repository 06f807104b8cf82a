package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every form of a database's URL, by the table from which the forms themselves are tested, shows its password nowhere. */
final class DatabaseUrlSecrecyTest {
    @TempDir
    private Path folder;

    /** Type, url, servers, database, user and password. */
    static List<List<String>> examples() throws IOException {
        try (InputStream in = Objects.requireNonNull(DatabaseUrlSecrecyTest.class.getResourceAsStream("/database/urls.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(line -> List.of(line.split("\t", -1))).toList();
        }
    }

    /** All that check-config and a start print of these settings. */
    private String printed(String type, String url) {
        ConfigDraft draft = new ConfigFixture(folder).env("NATSJOB_DB_TYPE", type).env("NATSJOB_DB_URL", url).draft();
        return ConfigText.listing(draft) + draft.problems() + draft.warnings() + draft;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void check_config_shows_no_password_whatever_the_type(List<String> example) {
        for (String type : List.of("sqlite", "mysql", "postgres", "dm")) {
            String printed = printed(type, example.get(1));
            assertFalse(printed.contains("hunter2"), printed);
            assertFalse(example.get(5).equals("pw") && printed.contains("pw"), printed);
        }
    }

    @ParameterizedTest
    @MethodSource("examples")
    void the_servers_of_a_plain_url_are_shown(List<String> example) {
        // Where the password has odd characters, it is unsure where the server begins, and nothing is shown.
        if (List.of("pw", "hunter2").contains(example.get(5)) && example.get(1).contains(example.get(2)) && !example.get(2).contains(",")) {
            assertTrue(DatabaseUrl.shown(example.get(1)).contains(example.get(2)), DatabaseUrl.shown(example.get(1)));
        }
    }

    @Test
    void no_cut_or_doubled_character_of_a_url_brings_the_password_out() throws IOException {
        int shown = 0;
        for (List<String> example : examples()) {
            String url = example.get(1);
            for (int i = 0; i < url.length(); i++) {
                String cut = url.substring(0, i) + url.substring(i + 1);
                String doubled = url.substring(0, i) + url.charAt(i) + url.substring(i);
                for (String text : List.of(cut, doubled, url.substring(i), url.substring(0, i))) {
                    if (!harmless(text)) {
                        assertFalse(DatabaseUrl.shown(text).contains("hunter2"), text);
                        shown++;
                    }
                }
            }
        }
        assertTrue(shown > 5_000, "only " + shown + " texts were looked at");
    }

    /** A plain word or path is no URL, and what stands in the place of the database is its name. */
    private static boolean harmless(String text) {
        return text.matches("[^@:=?]*") || text.matches(".*@tcp\\([^)]*\\)/hunter2.{0,2}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mysql://root:hunter2@h/d", "root:hunter2@h", "jdbc:kingbase8://h/d?user=u&password=hunter2", "jdbc:mysql:loadbalance://a,b/d?password=hunter2"})
    void unknown_forms_are_hidden(String url) {
        assertFalse(DatabaseUrl.shown(url).contains("hunter2"), DatabaseUrl.shown(url));
        assertEquals(DatabaseUrl.shown(url), DatabaseUrl.shown(url.replace("hunter2", "other")));
    }
}
