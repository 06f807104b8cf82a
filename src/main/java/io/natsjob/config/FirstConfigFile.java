package io.natsjob.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The {@code conf/config.yaml} that a first start leaves: every setting as a comment, no value and no secret. Readable by its owner alone,
 * since people will write passwords into it. An existing file is never touched.
 */
public final class FirstConfigFile {
    private FirstConfigFile() {}

    /** Creates the file where there is none; where that fails, a warning of one line, since the server runs without it. */
    public static Optional<String> createIn(Path confFolder) {
        Path file = confFolder.resolve("config.yaml");
        // A link that leads nowhere is somebody's as well.
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try {
            Files.createDirectories(confFolder);
            Path draft = Files.createTempFile(confFolder, ".config", ".yaml", ownerOnly());
            try {
                Files.writeString(draft, text(), StandardCharsets.UTF_8);
                // In one step, so that nobody ever reads half a file.
                Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
            return Optional.empty();
        } catch (IOException | RuntimeException e) {
            return Optional.of("no config.yaml was created in " + confFolder + ": " + e);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))}
                : new FileAttribute<?>[0];
    }

    /** The text of the file; every line is a comment. */
    static String text() {
        StringBuilder text = new StringBuilder("""
                # Settings of natsjob. Remove the # of a line to set it; the values shown are the defaults.
                # Stronger than this file: config.yaml in the working directory, then flags, then environment variables.
                # An empty value counts as not set. A change needs a restart.
                """);
        for (Setting<?> setting : Setting.ALL) {
            if (setting == Setting.CONF_DIR) {
                continue;
            }
            text.append("\n# ").append(setting.meaning()).append("\n# Form: ").append(setting.words()).append('\n');
            String shown = setting.secret() && setting != Setting.NATS_URL ? "" : setting.defaultText();
            text.append('#').append(setting.name()).append(": \"").append(shown).append("\"\n");
        }
        return text.toString();
    }
}
