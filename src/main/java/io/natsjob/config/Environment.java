package io.natsjob.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The environment's variables that begin with {@code NATSJOB_}. Unknown ones are warned of, by name only. */
final class Environment {
    static final String SOURCE = "environment";

    private Environment() {}

    static Layer read(Map<String, String> environment) {
        Map<String, String> texts = new LinkedHashMap<>();
        List<String> warnings = new ArrayList<>();
        // Sorted, so that the warnings keep their order from start to start.
        new TreeMap<>(environment).forEach((name, value) -> {
            if (!name.startsWith("NATSJOB_")) {
                return;
            }
            if (Setting.named(name).isPresent()) {
                texts.put(name, value);
            } else if (!KubernetesNames.matches(name, value)) {
                warnings.add("unknown environment variable " + name.replaceAll("[^A-Za-z0-9_]", "?")
                        + " has no effect" + Nearest.hint(name, Setting.NAMES));
            }
        });
        return new Layer(SOURCE, texts, warnings, List.of());
    }
}
