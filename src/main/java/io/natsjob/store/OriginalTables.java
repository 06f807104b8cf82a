package io.natsjob.store;

import java.util.List;

/**
 * The tables of an original natsjob that may lie beside ours: nj_namespace, nj_app, nj_app_job. They are only read. A first
 * start leaves the mark that their import is {@link State#PENDING}; whoever imports them takes it away in the same transaction.
 */
public final class OriginalTables {
    private static final String MARK = "original-import";
    private static final String PENDING = "pending";

    private OriginalTables() {}

    /** What the next start does about the original's tables. */
    public enum State {
        /** Our tables are new, or still to be made: what is there is imported. */
        PENDING,
        /** They were imported once: nothing. */
        IMPORTED,
        /** There was nothing to import when our tables were new: nothing. */
        OVER
    }

    /** Also for a database that has none of our tables. */
    public static State state(Sql sql) {
        if (!sql.tableExists("natsjob_setting")) {
            return State.PENDING;
        }
        String mark = SettingTable.find(sql, MARK).orElse(Seed.planted(sql) ? State.OVER.name() : PENDING);
        return mark.equals(PENDING) ? State.PENDING : mark.equals(State.IMPORTED.name()) ? State.IMPORTED : State.OVER;
    }

    static void expectImport(Sql sql) {
        SettingTable.putIfAbsent(sql, MARK, PENDING);
    }

    /**
     * Takes the pending import, for this transaction; of several servers that start at once one gets it.
     *
     * @param outcome what it will have come to
     * @return false: it is not pending (any more)
     */
    public static boolean take(Sql sql, State outcome) {
        return SettingTable.replace(sql, MARK, PENDING, outcome.name());
    }

    /** Whether an original's jobs are in this database. */
    public static boolean present(Sql sql) {
        return sql.tableExists("nj_app_job") && sql.tableExists("nj_app") && sql.tableExists("nj_namespace");
    }

    /** By id, those behind {@code afterId}, deleted ones too. */
    public static List<OriginalParent> namespaces(Sql sql, long afterId, int limit) {
        return sql.list("""
                SELECT id, 0, name, description, deleted, created_at, updated_at FROM nj_namespace WHERE id > ? ORDER BY id LIMIT ?
                """, OriginalTables::parent, afterId, limit);
    }

    /** By id, those behind {@code afterId}, deleted ones too. */
    public static List<OriginalParent> apps(Sql sql, long afterId, int limit) {
        return sql.list("""
                SELECT id, namespace_id, name, description, deleted, created_at, updated_at FROM nj_app WHERE id > ? ORDER BY id LIMIT ?
                """, OriginalTables::parent, afterId, limit);
    }

    /** By id, those behind {@code afterId}, deleted ones too. */
    public static List<OriginalJob> jobs(Sql sql, long afterId, int limit) {
        return sql.list("""
                SELECT id, app_id, name, deleted, category, model, subject_model, condition_value, cron, status, max_workers, timeout_seconds,
                       description, args, start_at, end_at, created_at, updated_at
                FROM nj_app_job WHERE id > ? ORDER BY id LIMIT ?
                """, OriginalTables::job, afterId, limit);
    }

    private static OriginalParent parent(Row row) {
        return new OriginalParent(row.longAt(1), row.longAt(2), row.text(3), row.text(4), row.flag(5), row.text(6), row.text(7));
    }

    private static OriginalJob job(Row row) {
        return new OriginalJob(row.longAt(1), row.longAt(2), row.text(3), row.flag(4),
                new OriginalJob.Kind(row.text(5), row.text(6), row.text(7), row.text(8)),
                row.text(9), row.longOrNull(10), row.longOrNull(11), row.longOrNull(12), row.text(13), row.text(14),
                new OriginalJob.Times(row.text(15), row.text(16), row.text(17), row.text(18)));
    }
}
