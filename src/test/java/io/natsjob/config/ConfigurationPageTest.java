package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigurationPageTest {
    private static String row(Setting<?> setting) {
        String shown = setting.defaultText().isEmpty() ? "(none)" : "`" + setting.defaultText() + "`";
        return "| `" + setting.name() + "` | " + shown + " | " + setting.meaning() + " | " + setting.words().replace("|", "\\|") + " |";
    }

    @Test
    void its_table_is_the_table_of_settings_and_nothing_else() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("docs/configuration.md")).stream().filter(line -> line.startsWith("| `NATSJOB_")).toList();
        assertEquals(String.join("\n", Setting.ALL.stream().map(ConfigurationPageTest::row).toList()), String.join("\n", rows));
    }

    @Test
    void help_has_every_setting_with_its_default_meaning_and_form() {
        String help = ConfigText.help();
        for (Setting<?> setting : Setting.ALL) {
            assertTrue(help.contains("  " + setting.name() + " "), setting.name());
            assertTrue(help.contains(setting.defaultText()) && help.contains(setting.meaning()) && help.contains(setting.words()), setting.name());
        }
    }

    @Test
    void every_setting_is_listed_once_and_its_default_has_its_form() throws BadValue {
        assertEquals(Setting.ALL.size(), Setting.NAMES.stream().distinct().count());
        for (Setting<?> setting : Setting.ALL) {
            if (!setting.defaultText().isEmpty()) {
                setting.form().reader().read(setting.defaultText());
            }
        }
    }
}
