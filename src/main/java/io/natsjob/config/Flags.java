package io.natsjob.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command line: {@code --NAME=value} or {@code --NAME value}; the last of several counts. */
final class Flags {
    static final String SOURCE = "command line";

    private static final int SHOWN_MAX_CHARS = 80;

    private Flags() {}

    static Layer read(List<String> arguments) {
        Map<String, String> texts = new LinkedHashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < arguments.size(); i++) {
            String argument = arguments.get(i);
            if (!argument.startsWith("--")) {
                // Not shown: it may be a password that a blank cut off its flag.
                problems.add("argument " + (i + 1) + " is neither a flag nor a flag's value; allowed: --NAME=value or --NAME value");
                continue;
            }
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            if (Setting.named(name).isEmpty()) {
                problems.add("unknown flag --" + shown(name) + Nearest.hint(name, Setting.NAMES) + " (see --help)");
                i += equals < 0 && i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--") ? 1 : 0;
            } else if (equals >= 0) {
                texts.put(name, argument.substring(equals + 1));
            } else if (i + 1 < arguments.size() && !arguments.get(i + 1).startsWith("--")) {
                texts.put(name, arguments.get(++i));
            } else {
                problems.add("flag --" + name + " has no value; write --" + name + "=value");
            }
        }
        return new Layer(SOURCE, texts, List.of(), problems);
    }

    private static String shown(String name) {
        String cut = name.length() > SHOWN_MAX_CHARS ? name.substring(0, SHOWN_MAX_CHARS) + "..." : name;
        return cut.replaceAll("[^A-Za-z0-9_.-]", "?");
    }
}
