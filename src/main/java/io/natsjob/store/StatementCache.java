package io.natsjob.store;

import io.natsjob.log.Log;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/** The prepared statements of one connection that are not in use, at most {@value #MAX}; the longest unused goes first. */
final class StatementCache {
    static final int MAX = 64;
    private static final Log LOG = Log.of("store");

    private final Connection connection;
    private final SequencedMap<String, PreparedStatement> idle = LinkedHashMap.newLinkedHashMap(MAX);

    StatementCache(Connection connection) {
        this.connection = connection;
    }

    PreparedStatement take(String sql) throws SQLException {
        PreparedStatement statement = idle.remove(sql);
        return statement != null ? statement : connection.prepareStatement(sql);
    }

    void giveBack(String sql, PreparedStatement statement) {
        PreparedStatement twin = idle.put(sql, statement);
        drop(twin);
        if (idle.size() > MAX) {
            drop(idle.pollFirstEntry().getValue());
        }
    }

    /** Nothing depends on the close: the connection frees what is left. */
    static void drop(PreparedStatement statement) {
        if (statement == null) {
            return;
        }
        try {
            statement.close();
        } catch (SQLException e) {
            LOG.debug("a statement did not close", "reason", e.getMessage());
        }
    }
}
