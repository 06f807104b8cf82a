package io.natsjob.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

final class FirstConfigFileTest {
    @TempDir
    private Path folder;

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void it_is_readable_by_its_owner_alone() throws IOException {
        assertEquals(Optional.empty(), FirstConfigFile.createIn(folder.resolve("conf")));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("conf/config.yaml"))));
        try (Stream<Path> files = Files.list(folder.resolve("conf"))) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void it_holds_every_setting_as_a_comment_and_changes_nothing() throws IOException {
        FirstConfigFile.createIn(folder.resolve("conf"));
        String text = Files.readString(folder.resolve("conf/config.yaml"));
        assertTrue(text.lines().allMatch(line -> line.isEmpty() || line.startsWith("#")), text);
        for (Setting<?> setting : Setting.ALL) {
            assertEquals(setting != Setting.CONF_DIR, text.contains("\n#" + setting.name() + ": \""), setting.name());
        }
        assertTrue(text.contains("#NATSJOB_LOGIN_PWD: \"\"\n") && text.contains("#NATSJOB_SECRET_KEY: \"\"\n"), text);
        assertTrue(new ConfigFixture(folder).draft().problems().isEmpty());
    }

    @Test
    void its_lines_are_valid_once_the_mark_is_removed() throws IOException {
        String text = FirstConfigFile.text().replaceAll("(?m)^#NATSJOB", "NATSJOB");
        Files.createDirectory(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/config.yaml"), text);
        ConfigDraft draft = new ConfigFixture(folder).draft();
        assertEquals("[]", draft.problems().toString());
        assertEquals(Path.of("conf/config.yaml").toString(), draft.source(Setting.HTTP_PORT));
    }

    @Test
    void an_existing_file_is_not_touched() throws IOException {
        Files.createDirectory(folder.resolve("conf"));
        Files.writeString(folder.resolve("conf/config.yaml"), "mine");
        assertEquals(Optional.empty(), FirstConfigFile.createIn(folder.resolve("conf")));
        assertEquals("mine", Files.readString(folder.resolve("conf/config.yaml")));
    }

    @Test
    void a_folder_that_cannot_be_made_is_a_warning() throws IOException {
        Files.writeString(folder.resolve("conf"), "a file in its place");
        Optional<String> warning = FirstConfigFile.createIn(folder.resolve("conf"));
        assertTrue(warning.orElse("").startsWith("no config.yaml was created in "), warning.toString());
        assertFalse(warning.orElse("").contains("\n"));
    }
}
