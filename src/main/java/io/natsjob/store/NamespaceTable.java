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

    /** Reads the columns of {@link #SELECT}, of which the first stands at {@code first}. */
    static Namespace namespace(Row row, int first) {
        return new Namespace(row.longAt(first), row.longAt(first + 1), row.text(first + 2), row.text(first + 3), row.flag(first + 4),
                row.longAt(first + 5), row.longAt(first + 6));
    }
}
