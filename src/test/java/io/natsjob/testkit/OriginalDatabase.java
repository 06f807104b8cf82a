package io.natsjob.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** SQLite files as an original natsjob leaves them: {@code store/original.sql} of the test resources, and what a test adds. */
public final class OriginalDatabase {
    private OriginalDatabase() {}

    /** Makes {@code file}, or adds the original's tables to it. */
    public static void create(Path file, String... more) {
        try (InputStream in = OriginalDatabase.class.getResourceAsStream("/store/original.sql")) {
            execute(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        execute(file, more);
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
}
