package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;

/**
 * natsjob_misfire: the fires that are to be made up, in the order of their ids; one leaves in the transaction that claims or counts it
 * (docs/rules.md 34). Written by the leader only, in transactions that begin with its fence.
 */
public final class MisfireTable {
    private static final String SELECT = "SELECT id, job_id, fire_at, reason, judged FROM natsjob_misfire ";

    private MisfireTable() {}

    /** Stores new ones behind those that wait; ids are given here. */
    public static void add(Sql sql, List<MissedFire> fires) {
        if (fires.isEmpty()) {
            return;
        }
        long last = sql.one("SELECT COALESCE(MAX(id), 0) FROM natsjob_misfire", row -> row.longAt(1)).orElseThrow();
        List<MissedFire> numbered = new ArrayList<>(fires.size());
        for (MissedFire fire : fires) {
            numbered.add(new MissedFire(++last, fire.jobId(), fire.fireAt(), fire.reason(), fire.judged()));
        }
        sql.batch("INSERT INTO natsjob_misfire (id, job_id, fire_at, reason, judged) VALUES (?, ?, ?, ?, ?)", numbered, (statement, fire) -> {
            statement.setLong(1, fire.id());
            statement.setLong(2, fire.jobId());
            statement.setLong(3, fire.fireAt());
            statement.setString(4, fire.reason());
            statement.setInt(5, fire.judged() ? 1 : 0);
        });
    }

    /** The first {@code limit} of them. */
    public static List<MissedFire> first(Sql sql, int limit) {
        return sql.list(SELECT + "ORDER BY id LIMIT ?", MisfireTable::fire, limit);
    }

    /** Those that are not judged yet, by id. Reads the whole table. */
    public static List<MissedFire> unjudged(Sql sql) {
        return sql.list(SELECT + "WHERE judged = 0 ORDER BY id", MisfireTable::fire);
    }

    /** Answers how many there were. */
    public static int remove(Sql sql, List<MissedFire> fires) {
        return Counts.sum(sql.batch("DELETE FROM natsjob_misfire WHERE id = ?", fires, (statement, fire) -> statement.setLong(1, fire.id())));
    }

    private static MissedFire fire(Row row) {
        return new MissedFire(row.longAt(1), row.longAt(2), row.longAt(3), row.text(4), row.flag(5));
    }
}
