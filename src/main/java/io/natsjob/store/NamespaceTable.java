package io.natsjob.store;

import io.natsjob.job.Namespace;
import java.util.List;
import java.util.Optional;

/** natsjob_namespace. Only the living are read; a deleted one frees its name. */
public final class NamespaceTable {
    private static final String SELECT = "SELECT id, version, name, note, enabled, created_at, updated_at FROM natsjob_namespace";

    private NamespaceTable() {}

    /** By id, those behind {@code afterId} whose name contains {@code q} (null: any). */
    public static List<Namespace> page(Sql sql, String q, long afterId, int limit) {
        Where where = new Where().and("living = 0").and("id > ?", afterId).contains("name", q);
        return sql.list(SELECT + where + "ORDER BY id LIMIT ?", row -> namespace(row, 1), where.args(limit));
    }

    public static Optional<Namespace> find(Sql sql, long id) {
        return sql.one(SELECT + " WHERE id = ? AND living = 0", row -> namespace(row, 1), id);
    }

    public static Optional<Namespace> findByName(Sql sql, String name) {
        return sql.one(SELECT + " WHERE name = ? AND living = 0", row -> namespace(row, 1), name);
    }

    /** @throws StoreException DUPLICATE when the name is taken among the living */
    public static Namespace insert(Sql sql, Namespace namespace, long changeSeq) {
        sql.update("""
                INSERT INTO natsjob_namespace (id, version, change_seq, name, note, enabled, created_at, updated_at, deleted_at, living)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
                """, namespace.id(), namespace.version(), changeSeq, namespace.name(), namespace.comment(), namespace.enabled(),
                namespace.createdAt(), namespace.updatedAt());
        return namespace;
    }

    /**
     * Writes name, comment and whether it is enabled; the version becomes {@code changed.version() + 1}. Enabling it again is
     * noted: its jobs count from then.
     *
     * @return false when it is deleted or its version is another
     * @throws StoreException DUPLICATE when the name is taken among the living
     */
    public static boolean update(Sql sql, Namespace changed, long changeSeq) {
        // enabled_at comes first: MySQL reads the new value of a column that stands further left
        return 1 == sql.update("""
                UPDATE natsjob_namespace SET enabled_at = CASE WHEN enabled = 0 AND ? = 1 THEN ? ELSE enabled_at END,
                    version = version + 1, change_seq = ?, name = ?, note = ?, enabled = ?, updated_at = ?
                WHERE id = ? AND version = ? AND living = 0
                """, changed.enabled() ? 1 : 0, changed.updatedAt(), changeSeq, changed.name(), changed.comment(), changed.enabled(), changed.updatedAt(),
                changed.id(), changed.version());
    }

    /** Soft, with everything in it: what belongs to a deleted namespace is not living. False when there is no living one. */
    public static boolean delete(Sql sql, long id, long now, long changeSeq) {
        return 1 == sql.update("""
                UPDATE natsjob_namespace SET deleted_at = ?, updated_at = ?, living = id, version = version + 1, change_seq = ? WHERE id = ? AND living = 0
                """, now, now, changeSeq, id);
    }

    /** Reads the columns of {@link #SELECT}, of which the first stands at {@code first}. */
    static Namespace namespace(Row row, int first) {
        return new Namespace(row.longAt(first), row.longAt(first + 1), row.text(first + 2), row.text(first + 3), row.flag(first + 4),
                row.longAt(first + 5), row.longAt(first + 6));
    }
}
