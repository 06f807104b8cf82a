package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.OriginalDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;

/** A database with the tables of an original natsjob, seen from outside by plain JDBC. */
interface ImportPlace {
    /** For people. */
    String name();

    /** The settings by which natsjob finds it. */
    Map<String, String> settings();

    Connection connect() throws SQLException;

    /** Makes an import stand still while it reads the jobs, after it has written namespaces and apps, until the answer is closed. */
    Hold hold() throws SQLException;

    /** See {@link #hold}. */
    interface Hold extends AutoCloseable {
        /** Whether an import stands there. */
        boolean reached();

        @Override
        void close() throws SQLException;
    }

    /** The rows of a table, counted; 0 where there is no such table. */
    default long count(String table) {
        try (Connection connection = connect(); Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            return rows.next() ? rows.getLong(1) : 0;
        } catch (SQLException noSuchTable) {
            return 0;
        }
    }

    default List<String> originalRows() throws SQLException {
        try (Connection connection = connect()) {
            return OriginalDatabase.rows(connection);
        }
    }

    static String refusedJob() {
        return OriginalDatabase.job(90, "refused", "cron, category, model", "'61 * * * * *', 'standalone', 'max'");
    }

    static ImportPlace sqlite(Path file) {
        OriginalDatabase.create(file, refusedJob());
        return new SqlitePlace(file);
    }

    static ImportPlace server(String name, DatabaseServer server) {
        String database = server.create();
        OriginalDatabase.create(server, database, refusedJob());
        return new ServerPlace(name, server, database);
    }

    /** A file. */
    record SqlitePlace(Path file) implements ImportPlace {
        @Override
        public String name() {
            return "SQLite";
        }

        @Override
        public Map<String, String> settings() {
            return Map.of("NATSJOB_DB_URL", file.toString());
        }

        @Override
        public Connection connect() throws SQLException {
            return DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=5000");
        }

        /** In place of the jobs stands a view that takes longer than a statement may. */
        @Override
        public Hold hold() throws SQLException {
            OriginalDatabase.execute(file, "ALTER TABLE nj_app_job RENAME TO kept", "CREATE VIEW nj_app_job AS SELECT * FROM kept WHERE "
                    + "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9000000000) SELECT COUNT(*) FROM n) > 0");
            return new Hold() {
                @Override
                public boolean reached() {
                    return count("natsjob_setting WHERE name = 'original-import' AND content = 'pending'") == 1 && writing();
                }

                @Override
                public void close() {
                    OriginalDatabase.execute(file, "DROP VIEW nj_app_job", "ALTER TABLE kept RENAME TO nj_app_job");
                }
            };
        }

        /** The mark of the import is committed before it begins, and nobody else writes then. */
        private boolean writing() {
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file + "?busy_timeout=0"); Statement statement = connection.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                statement.execute("ROLLBACK");
                return false;
            } catch (SQLException busy) {
                return true;
            }
        }
    }

    /** A database of a server. */
    record ServerPlace(String name, DatabaseServer server, String database) implements ImportPlace {
        @Override
        public Map<String, String> settings() {
            return Map.of("NATSJOB_DB_TYPE", server.type(), "NATSJOB_DB_URL", server.goUrl(database).replace("loc=Local", "loc=UTC"));
        }

        @Override
        public Connection connect() throws SQLException {
            return server.connect(database);
        }

        /** The table of the jobs is locked. */
        @Override
        public Hold hold() throws SQLException {
            boolean mysql = server.type().equals("mysql");
            Connection holder = connect();
            holder.setAutoCommit(false);
            try (Statement statement = holder.createStatement()) {
                statement.execute(mysql ? "LOCK TABLES nj_app_job WRITE" : "LOCK TABLE nj_app_job IN ACCESS EXCLUSIVE MODE");
            }
            return new Hold() {
                @Override
                public boolean reached() {
                    return count(mysql ? "information_schema.processlist WHERE state LIKE 'Waiting for table%' AND info LIKE '%nj_app_job%'"
                            : "pg_locks WHERE NOT granted AND relation = 'nj_app_job'::regclass") > 0;
                }

                @Override
                public void close() throws SQLException {
                    holder.close();
                }
            };
        }
    }
}
