package io.natsjob.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A machine of its own for one test: environment, command line, working folder. */
final class ConfigFixture {
    static final ZoneId SYSTEM_ZONE = ZoneId.of("America/Los_Angeles");

    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();
    private List<String> arguments = List.of();

    ConfigFixture(Path folder) {
        this.folder = folder;
    }

    ConfigFixture env(String name, String value) {
        environment.put(name, value);
        return this;
    }

    ConfigFixture args(String... values) {
        arguments = List.of(values);
        return this;
    }

    ConfigFixture file(String path, String text) {
        try {
            Files.createDirectories(folder.resolve(path).getParent());
            Files.writeString(folder.resolve(path), text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ConfigDraft draft() {
        return new ConfigSources(environment, arguments, folder, SYSTEM_ZONE).read();
    }

    Config config() {
        try {
            return draft().config();
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    /** The only problem there is. */
    String problem() {
        List<String> problems = draft().problems();
        if (problems.size() != 1) {
            throw new AssertionError("expected one problem, found " + problems);
        }
        return problems.getFirst();
    }
}
