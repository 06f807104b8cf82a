package io.natsjob.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of options in docs/configuration.md say what the code does. */
final class DatabaseOptionPageTest {
    private static final String FROM = "### Options of a database URL";
    private static final String TO = "## Files and folders";

    @Test
    void its_tables_of_options_are_those_of_the_code() throws IOException {
        String page = Files.readString(Path.of("docs/configuration.md"));
        List<String> shown = page.substring(page.indexOf(FROM), page.indexOf(TO)).lines().filter(line -> line.startsWith("| ") && !line.startsWith("| Option")).toList();
        assertEquals(String.join("\n", rows()), String.join("\n", shown));
    }

    private static List<String> rows() {
        List<String> rows = new ArrayList<>();
        for (ServerKind kind : ServerKind.values()) {
            kind.rules().values().stream().filter(rule -> !rule.property().isEmpty() || !rule.words().equals("any"))
                    .forEach(rule -> rows.add("| `" + rule.name() + "` | " + rule.words() + " | " + rule.reason() + " |"));
            Map<String, List<String>> ignored = new LinkedHashMap<>();
            kind.rules().values().stream().filter(rule -> rule.property().isEmpty() && rule.words().equals("any"))
                    .forEach(rule -> ignored.computeIfAbsent(rule.reason(), reason -> new ArrayList<>()).add(rule.name()));
            ignored.forEach((reason, names) -> rows.add("| " + joined(names) + " | any | no effect: " + reason + " |"));
        }
        RefusedOptions.BY_REASON.forEach((reason, names) -> rows.add("| " + joined(names) + " | " + reason + " |"));
        return rows;
    }

    private static String joined(List<String> names) {
        return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }
}
