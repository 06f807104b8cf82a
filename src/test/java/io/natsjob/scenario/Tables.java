package io.natsjob.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the migrations are to make of an empty database, read from their scripts, and what is there. */
final class Tables {
    private static final Pattern TABLE = Pattern.compile("CREATE TABLE (?:IF NOT EXISTS )?(\\w+)");
    /** Rows of a database that was started on once, or more often. */
    private static final List<String> SEEDED = List.of("natsjob_version", "natsjob_leader", "natsjob_namespace", "natsjob_app");

    private final List<String> statements = new ArrayList<>();
    private int scripts;

    Tables(Base base) {
        while (read(String.format("/io/natsjob/store/%s/%03d.sql", base.type(), scripts + 1))) {
            scripts++;
        }
    }

    private boolean read(String script) {
        try (InputStream in = Tables.class.getResourceAsStream(script)) {
            if (in == null) {
                return false;
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8).replaceAll("(?m)^\\s*--.*$", "");
            Stream.of(text.split(";\\s*(\\R|$)")).map(String::strip).filter(part -> !part.isEmpty()).forEach(statements::add);
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(script, e);
        }
    }

    /** Of the scripts, in their order. */
    List<String> statements() {
        return statements;
    }

    private List<String> names() {
        return statements.stream().flatMap(statement -> TABLE.matcher(statement).results()).map(found -> found.group(1)).toList();
    }

    /** What {@link #seen} says of a database that is whole. */
    String whole() {
        return names().size() + " tables, rows of version, leader, namespace, app: " + scripts + " 1 1 1";
    }

    String seen(Connection connection) throws SQLException {
        int there = 0;
        for (String name : names()) {
            there += count(connection, name) >= 0 ? 1 : 0;
        }
        StringBuilder seen = new StringBuilder(there + " tables, rows of version, leader, namespace, app:");
        for (String name : SEEDED) {
            seen.append(' ').append(count(connection, name));
        }
        return seen.toString();
    }

    /** Its rows; -1 where there is no such table. */
    private static long count(Connection connection, String table) throws SQLException {
        try (ResultSet there = connection.getMetaData().getTables(connection.getCatalog(), null, table, null)) {
            if (!there.next()) {
                return -1;
            }
        }
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
