package io.natsjob.store;

import java.util.List;

/**
 * natsjob_gap: the stretches that still have to be evaluated, and how far each is (the cursor of docs/rules.md 1). Written by the leader
 * only, in transactions that begin with its fence.
 */
public final class GapTable {
    private GapTable() {}

    /** Stores new ones behind those that wait; ids are given here. */
    public static void add(Sql sql, List<Gap> gaps) {
        if (gaps.isEmpty()) {
            return;
        }
        long last = sql.one("SELECT COALESCE(MAX(id), 0) FROM natsjob_gap", row -> row.longAt(1)).orElseThrow();
        for (Gap gap : gaps) {
            sql.update("INSERT INTO natsjob_gap (id, recorded, after_at, up_to, reason, evaluated_to) VALUES (?, ?, ?, ?, ?, ?)",
                    ++last, gap.recorded(), gap.after(), gap.upTo(), gap.reason(), gap.cursor());
        }
    }

    /** The oldest first. */
    public static List<Gap> all(Sql sql) {
        return sql.list("SELECT id, recorded, after_at, up_to, reason, evaluated_to FROM natsjob_gap ORDER BY id",
                row -> new Gap(row.longAt(1), row.flag(2), row.longAt(3), row.longAt(4), row.text(5), row.longAt(6)));
    }

    /** Compare-and-set of the cursor; false: it stood elsewhere, nothing of the transaction may happen. */
    public static boolean move(Sql sql, Gap from, long cursor) {
        return 1 == sql.update("UPDATE natsjob_gap SET evaluated_to = ? WHERE id = ? AND evaluated_to = ?", cursor, from.id(), from.cursor());
    }

    /** It is evaluated to the end; false as in {@link #move}. */
    public static boolean remove(Sql sql, Gap from) {
        return 1 == sql.update("DELETE FROM natsjob_gap WHERE id = ? AND evaluated_to = ?", from.id(), from.cursor());
    }
}
