package io.natsjob.config;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where settings come from, strongest first: environment, command line, {@code config.yaml} in the working directory,
 * {@code config.yaml} in the conf folder, default. Each setting by itself; an empty text counts as not set.
 *
 * @param environment the process's variables
 * @param arguments the command line without the subcommand
 * @param workingFolder that relative paths start from
 * @param systemZone zone where {@code TZ} is not set
 */
public record ConfigSources(Map<String, String> environment, List<String> arguments, Path workingFolder, ZoneId systemZone) {
    private static final String FILE = "config.yaml";

    public ConfigSources {
        environment = Map.copyOf(environment);
        arguments = List.copyOf(arguments);
        workingFolder = workingFolder.toAbsolutePath().normalize();
    }

    /** Reads all of them. Nothing is thrown: the draft lists the problems. */
    public ConfigDraft read() {
        List<String> warnings = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        List<Layer> layers = new ArrayList<>(List.of(Environment.read(environment), Flags.read(arguments),
                ConfigFile.read(FILE, workingFolder.resolve(FILE))));
        Path conf = workingFolder.resolve(confFolder(layers));
        Layer confFile = ConfigFile.read(shown(conf.resolve(FILE)), conf.resolve(FILE));
        if (confFile.texts().containsKey(Setting.CONF_DIR.name())) {
            warnings.add(Setting.CONF_DIR + " in " + confFile.source() + " has no effect");
        }
        layers.add(confFile);
        for (Layer layer : layers) {
            warnings.addAll(layer.warnings());
            problems.addAll(layer.problems());
        }
        ServerZone zone = ServerZone.of(environment, systemZone);
        if (zone.problem() != null) {
            problems.add(zone.problem());
        }
        Map<Setting<?>, ConfigValue> values = new LinkedHashMap<>();
        for (Setting<?> setting : Setting.ALL) {
            values.put(setting, value(setting, setting == Setting.CONF_DIR ? layers.subList(0, 3) : layers, warnings));
        }
        return new ConfigDraft(values, workingFolder, zone, warnings, problems).checked();
    }

    private static ConfigValue value(Setting<?> setting, List<Layer> layers, List<String> warnings) {
        for (Layer layer : layers) {
            String text = setting.trimmed(layer.texts().getOrDefault(setting.name(), ""));
            if (text.isEmpty()) {
                continue;
            }
            String reason = PublishedDefaults.reason(setting, text);
            if (reason == null) {
                return new ConfigValue(text, layer.source());
            }
            warnings.add(setting.name() + " (" + layer.source() + ") counts as not set: " + reason);
        }
        return new ConfigValue(setting.defaultText(), ConfigValue.DEFAULT);
    }

    private String shown(Path file) {
        return (file.startsWith(workingFolder) ? workingFolder.relativize(file) : file).toString();
    }

    /** A bad path is reported later, with all the others; until then the default stands in for it. */
    private static String confFolder(List<Layer> layers) {
        String text = value(Setting.CONF_DIR, layers, new ArrayList<>()).text();
        try {
            return Setting.CONF_DIR.form().reader().read(text);
        } catch (BadValue e) {
            return Setting.CONF_DIR.defaultText();
        }
    }
}
