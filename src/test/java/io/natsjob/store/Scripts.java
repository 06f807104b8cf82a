package io.natsjob.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The migration scripts, as single statements. */
final class Scripts {
    private Scripts() {}

    /** How many there are. */
    static int count(String database) {
        int count = 0;
        while (Migrations.class.getResource(database + String.format("/%03d.sql", count + 1)) != null) {
            count++;
        }
        return count;
    }

    /** Those that bring tables of the first release up to date. */
    static List<String> upgrades(String database) throws IOException {
        List<String> statements = new ArrayList<>();
        for (int number = 2; number <= count(database); number++) {
            statements.addAll(statements(database, number));
        }
        return statements;
    }

    /** @param number from 1 */
    static List<String> statements(String database, int number) throws IOException {
        try (InputStream in = Migrations.class.getResourceAsStream(database + String.format("/%03d.sql", number))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return Stream.of(text.split(";\\s*(\\R|$)")).map(String::strip).filter(part -> !part.isEmpty()).toList();
        }
    }
}
