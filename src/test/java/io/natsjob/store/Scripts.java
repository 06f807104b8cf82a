package io.natsjob.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The migration scripts, as single statements. */
final class Scripts {
    private Scripts() {}

    /** @param number from 1 */
    static List<String> statements(String database, int number) throws IOException {
        try (InputStream in = Migrations.class.getResourceAsStream(database + String.format("/%03d.sql", number))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            return Stream.of(text.split(";\\s*(\\R|$)")).map(String::strip).filter(part -> !part.isEmpty()).toList();
        }
    }
}
