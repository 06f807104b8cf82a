package io.natsjob.store;

import io.natsjob.job.Texts;
import java.util.List;

/** natsjob_parked: answers set aside so that they hold up nobody. At most {@value #MAX_ROWS}; the oldest make room. */
public final class ParkedTable {
    public static final int MAX_ROWS = 10_000;
    public static final int MAX_PAYLOAD_CHARS = 4_096;

    private ParkedTable() {}

    /** Does nothing for what is parked already, with this key at this time: a transaction whose answer was lost is run again. */
    public static void insert(Sql sql, long at, String keyText, String payload, String reason) {
        // One at a time, since ids follow each other; no other statement changes this row.
        sql.update("UPDATE natsjob_version SET applied_at = applied_at WHERE version = 1");
        String key = Texts.kept(keyText, MAX_PAYLOAD_CHARS);
        if (!sql.list("SELECT id FROM natsjob_parked WHERE parked_at = ? AND key_text = ?", row -> row.longAt(1), at, key).isEmpty()) {
            return;
        }
        long id = 1 + sql.one("SELECT COALESCE(MAX(id), 0) FROM natsjob_parked", row -> row.longAt(1)).orElseThrow();
        sql.update("INSERT INTO natsjob_parked (id, parked_at, key_text, payload, reason) VALUES (?, ?, ?, ?, ?)", id, at,
                key, Texts.kept(payload, MAX_PAYLOAD_CHARS), Texts.kept(reason, MAX_PAYLOAD_CHARS));
        sql.update("DELETE FROM natsjob_parked WHERE id <= ?", id - MAX_ROWS);
    }

    /** Newest first. */
    public static List<Parked> list(Sql sql, int limit) {
        return sql.list("SELECT id, parked_at, key_text, payload, reason FROM natsjob_parked ORDER BY id DESC LIMIT ?",
                row -> new Parked(row.longAt(1), row.longAt(2), row.text(3), row.text(4), row.text(5)), limit);
    }

    /** Answers how many went. */
    public static int deleteBefore(Sql sql, long at) {
        return sql.update("DELETE FROM natsjob_parked WHERE parked_at < ?", at);
    }
}
