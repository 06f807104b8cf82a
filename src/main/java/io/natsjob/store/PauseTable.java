package io.natsjob.store;

import java.util.List;

/** natsjob_pause: which namespaces hold their fires, and which were resumed but not yet evaluated. */
public final class PauseTable {
    /** In place of a namespace's id: everything. */
    public static final long ALL = 0;

    private PauseTable() {}

    /** Begins a pause, or goes on with the one that stands there: its first moment is kept. */
    public static void pause(Sql sql, long namespaceId, long pausedAt) {
        if (sql.update("UPDATE natsjob_pause SET resumed_at = NULL WHERE namespace_id = ?", namespaceId) == 0) {
            sql.update("INSERT INTO natsjob_pause (namespace_id, paused_at, resumed_at) VALUES (?, ?, NULL)", namespaceId, pausedAt);
        }
    }

    /** Ends a pause; nothing when none lasts. The row stays until {@link #remove}. */
    public static void resume(Sql sql, long namespaceId, long at) {
        sql.update("UPDATE natsjob_pause SET resumed_at = ? WHERE namespace_id = ? AND resumed_at IS NULL", at, namespaceId);
    }

    public static List<Pause> all(Sql sql) {
        return sql.list("SELECT namespace_id, paused_at, resumed_at FROM natsjob_pause ORDER BY namespace_id",
                row -> new Pause(row.longAt(1), row.longAt(2), row.longOrNull(3)));
    }

    /** After what it held was counted; a pause that lasts again meanwhile stays. */
    public static void remove(Sql sql, long namespaceId) {
        sql.update("DELETE FROM natsjob_pause WHERE namespace_id = ? AND resumed_at IS NOT NULL", namespaceId);
    }
}
