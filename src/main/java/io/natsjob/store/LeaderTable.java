package io.natsjob.store;

/** natsjob_leader: one row that fences everything a leader writes. Every change names the term it is made in. */
public final class LeaderTable {
    private LeaderTable() {}

    public static Marks read(Sql sql) {
        return sql.one("""
                SELECT term, claimed, settled, oldest_open_id, change_seq FROM natsjob_leader WHERE id = 1
                """, row -> new Marks(row.longAt(1), row.longAt(2), row.longAt(3), row.longAt(4), row.longAt(5)))
                .orElseThrow(() -> new StoreException(StoreException.Kind.REJECTED, "the row of natsjob_leader is missing: restore a backup"));
    }

    /** Compare-and-set from {@code from} to the next (docs/rules.md 9); false: another was faster. */
    public static boolean raiseTerm(Sql sql, long from) {
        return 1 == sql.update("UPDATE natsjob_leader SET term = term + 1 WHERE id = 1 AND term = ?", from);
    }

    /**
     * First statement of a claim or settling transaction (docs/rules.md 2). Marks never move back.
     *
     * @return false: the term is another's or a mark lies ahead; nothing moved, the transaction must not go on
     */
    public static boolean moveMarks(Sql sql, long term, long claimed, long settled) {
        return 1 == sql.update("""
                UPDATE natsjob_leader SET claimed = ?, settled = ? WHERE id = 1 AND term = ? AND claimed <= ? AND settled <= ?
                """, claimed, settled, term, claimed, settled);
    }

    /** First statement of a leader's transaction that moves no mark; false: the term is another's, it must not go on. */
    public static boolean fence(Sql sql, long term) {
        return 1 == sql.update("UPDATE natsjob_leader SET term = term WHERE id = 1 AND term = ?", term);
    }

    /**
     * Sets a claimed mark back that was found ahead of the clock (docs/rules.md 31), and {@code settled} with it where that
     * lies beyond.
     */
    public static boolean correctClaimed(Sql sql, long term, long claimed) {
        return 1 == sql.update("""
                UPDATE natsjob_leader SET claimed = ?, settled = CASE WHEN settled > ? THEN ? ELSE settled END WHERE id = 1 AND term = ?
                """, claimed, claimed, claimed, term);
    }

    /** Notes from where a start must load open runs (docs/rules.md 33); nothing in another's term. */
    public static void oldestOpen(Sql sql, long term, long id) {
        sql.update("UPDATE natsjob_leader SET oldest_open_id = ? WHERE id = 1 AND term = ?", id, term);
    }

    /** Waits for every edit and every claim that is on its way, also for those whose answer was lost (docs/rules.md 5). */
    public static void behindOthers(Sql sql) {
        sql.update("UPDATE natsjob_leader SET change_seq = change_seq WHERE id = 1");
    }

    /** First statement of each edit: its number, in the order of commits (docs/rules.md 22). */
    public static long nextChange(Sql sql) {
        sql.update("UPDATE natsjob_leader SET change_seq = change_seq + 1 WHERE id = 1");
        return sql.one("SELECT change_seq FROM natsjob_leader WHERE id = 1", row -> row.longAt(1)).orElseThrow();
    }
}
