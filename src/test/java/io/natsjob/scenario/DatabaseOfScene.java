package io.natsjob.scenario;

import io.natsjob.testkit.DatabaseProxy;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;

/** What a scene's server writes to: a SQLite file in its folder, or a new, empty database on a server. The checker reads it by plain JDBC. */
sealed interface DatabaseOfScene extends AutoCloseable {
    static DatabaseOfScene create(Base base) {
        if (base == Base.SQLITE) {
            return new File();
        }
        return new OnServer(base, base.shared(), base.shared().create(), null);
    }

    /** On a server, through a proxy. */
    static OnServer throughProxy(Base base) {
        return new OnServer(base, base.shared(), base.shared().create(), new DatabaseProxy(base.shared()));
    }

    /** Settings of a natsjob that is to use it, by their environment names. */
    Map<String, String> settings();

    Connection connect(ServerProcess server) throws SQLException;

    static Connection connect(Path file) throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    /** Deletes it. */
    @Override
    void close();

    /** Deleted with the folder of its server. */
    record File() implements DatabaseOfScene {
        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public Connection connect(ServerProcess server) throws SQLException {
            return DatabaseOfScene.connect(server.database());
        }

        @Override
        public void close() {
            // See above.
        }
    }

    /** A SQLite file somewhere else, on a disk of the caller's. */
    record ElsewhereFile(Path file) implements DatabaseOfScene {
        @Override
        public Map<String, String> settings() {
            return Map.of("NATSJOB_DB_TYPE", "sqlite", "NATSJOB_DB_URL", file.toString());
        }

        @Override
        public Connection connect(ServerProcess server) throws SQLException {
            return DatabaseOfScene.connect(file);
        }

        @Override
        public void close() {
            // The caller's.
        }
    }

    /** @param proxy through which natsjob goes, or null; the checker does not */
    record OnServer(Base base, DatabaseServer server, String name, DatabaseProxy proxy) implements DatabaseOfScene {
        @Override
        public Map<String, String> settings() {
            return Map.of("NATSJOB_DB_TYPE", base.type(), "NATSJOB_DB_URL", proxy == null ? server.goUrl(name) : proxy.goUrl(name));
        }

        @Override
        public Connection connect(ServerProcess of) throws SQLException {
            return server.connect(name);
        }

        @Override
        public void close() {
            if (proxy != null) {
                proxy.close();
            }
            server.drop(name);
        }
    }
}
