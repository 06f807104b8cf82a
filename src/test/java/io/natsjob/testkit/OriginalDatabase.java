package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Databases as an original natsjob leaves them: {@code store/original.sql} of the test resources, and what a test adds. */
public final class OriginalDatabase {
    private OriginalDatabase() {}

    /** Makes {@code file}, or adds the original's tables to it. */
    public static void create(Path file, String... more) {
        execute(file, script());
        execute(file, more);
    }

    /** Adds the original's tables, in the types that they have on such a server, to {@code database}. Where its times have no offset they are UTC. */
    public static void create(DatabaseServer server, String database, String... more) {
        String script = script().replaceAll("(?m)^(--|PRAGMA|BEGIN|COMMIT).*$", "");
        execute(server, database, Stream.of(script.split(";\\R")).map(String::strip).filter(sql -> !sql.isEmpty()).map(server::originalSql).toArray(String[]::new));
        execute(server, database, more);
    }

    private static String script() {
        try (InputStream in = OriginalDatabase.class.getResourceAsStream("/store/original.sql")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A living job in app {@code biz}; {@code columns} and {@code values} are those beside name and ids. */
    public static String job(long id, String name, String columns, String values) {
        return "INSERT INTO nj_app_job (id, name, namespace_id, app_id, " + columns + ") VALUES (" + id + ", '" + name + "', 1, 2124524454317920256, " + values + ")";
    }

    public static void execute(Path file, String... statements) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    public static void execute(DatabaseServer server, String database, String... statements) {
        try (Connection connection = server.connect(database); Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Every row of every table of the original's, as text: to see that nobody has touched them. */
    public static List<String> rows(Connection connection) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            for (String table : List.of("nj_namespace", "nj_app", "nj_app_job", "nj_app_job_result", "nj_app_job_sub_result")) {
                try (ResultSet found = statement.executeQuery("SELECT * FROM " + table + " ORDER BY id")) {
                    while (found.next()) {
                        StringBuilder row = new StringBuilder(table);
                        for (int column = 1; column <= found.getMetaData().getColumnCount(); column++) {
                            row.append('|').append(found.getString(column));
                        }
                        rows.add(row.toString());
                    }
                }
            }
        }
        return rows;
    }
}
