package io.natsjob.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** A row of the table of good URLs, which the tests of the configuration read too. */
record UrlExample(String type, String url, String servers, String database, String user, String password) {
    static List<UrlExample> all() throws IOException {
        try (InputStream in = Objects.requireNonNull(UrlExample.class.getResourceAsStream("/database/urls.tsv"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#")).map(UrlExample::of).toList();
        }
    }

    private static UrlExample of(String line) {
        String[] parts = line.split("\t", -1);
        return new UrlExample(parts[0], parts[1], parts[2], parts[3], parts[4], parts[5]);
    }
}
