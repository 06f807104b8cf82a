package io.natsjob.store;

import io.natsjob.job.App;
import java.util.List;
import java.util.Optional;

/** natsjob_app, joined with its namespace. Only the living are read; a deleted one frees its name. */
public final class AppTable {
    private static final String SELECT = """
            SELECT a.id, a.version, a.name, a.note, a.enabled, a.created_at, a.updated_at,
                   n.id, n.version, n.name, n.note, n.enabled, n.created_at, n.updated_at
            FROM natsjob_app a JOIN natsjob_namespace n ON n.id = a.namespace_id
            """;

    private AppTable() {}

    /** By id, those behind {@code afterId}; {@code namespace} is its name, {@code q} is contained in the app's (null: any). */
    public static List<App> page(Sql sql, String namespace, String q, long afterId, int limit) {
        Where where = living().and("a.id > ?", afterId).ifSet("n.name = ?", namespace).contains("a.name", q);
        return sql.list(SELECT + where + "ORDER BY a.id LIMIT ?", AppTable::app, where.args(limit));
    }

    public static Optional<App> find(Sql sql, long id) {
        Where where = living().and("a.id = ?", id);
        return sql.one(SELECT + where, AppTable::app, where.args());
    }

    public static Optional<App> findByName(Sql sql, String namespace, String name) {
        Where where = living().and("n.name = ?", namespace).and("a.name = ?", name);
        return sql.one(SELECT + where, AppTable::app, where.args());
    }

    /** @throws StoreException DUPLICATE when the name is taken among the living of its namespace */
    public static App insert(Sql sql, App app, long changeSeq) {
        sql.update("""
                INSERT INTO natsjob_app (id, version, change_seq, namespace_id, name, note, enabled, created_at, updated_at, deleted_at, living)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
                """, app.id(), app.version(), changeSeq, app.namespace().id(), app.name(), app.comment(), app.enabled(), app.createdAt(), app.updatedAt());
        return app;
    }

    /**
     * Writes namespace, name, comment and whether it is enabled; the version becomes {@code changed.version() + 1}. Enabling it
     * again is noted: its jobs count from then.
     *
     * @return false when it is deleted or its version is another
     * @throws StoreException DUPLICATE when the name is taken among the living of its namespace
     */
    public static boolean update(Sql sql, App changed, long changeSeq) {
        // enabled_at comes first: MySQL reads the new value of a column that stands further left
        return 1 == sql.update("""
                UPDATE natsjob_app SET enabled_at = CASE WHEN enabled = 0 AND ? = 1 THEN ? ELSE enabled_at END,
                    version = version + 1, change_seq = ?, namespace_id = ?, name = ?, note = ?, enabled = ?, updated_at = ?
                WHERE id = ? AND version = ? AND living = 0
                """, changed.enabled() ? 1 : 0, changed.updatedAt(), changeSeq, changed.namespace().id(), changed.name(), changed.comment(), changed.enabled(),
                changed.updatedAt(), changed.id(), changed.version());
    }

    /** Soft, with its jobs: a job of a deleted app is not living. False when there is no living one. */
    public static boolean delete(Sql sql, long id, long now, long changeSeq) {
        return 1 == sql.update("""
                UPDATE natsjob_app SET deleted_at = ?, updated_at = ?, living = id, version = version + 1, change_seq = ? WHERE id = ? AND living = 0
                """, now, now, changeSeq, id);
    }

    private static Where living() {
        return new Where().and("a.living = 0").and("n.living = 0");
    }

    private static App app(Row row) {
        return new App(row.longAt(1), row.longAt(2), NamespaceTable.namespace(row, 8), row.text(3), row.text(4), row.flag(5), row.longAt(6), row.longAt(7));
    }
}
