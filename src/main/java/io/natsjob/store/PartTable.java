package io.natsjob.store;

import io.natsjob.job.RunState;
import io.natsjob.job.Word;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** natsjob_part: the parts of ultra runs that have ended. A row never changes; retention deletes it with its run. */
public final class PartTable {
    private static final String COLUMNS = "p.run_id, p.sub_id, p.worker_id, p.state, p.reason, p.monitor_status, p.monitor_payload, p.ended_at";
    /** Run ids asked for in one statement. */
    private static final int RUNS_AT_ONCE = 100;

    private PartTable() {}

    /**
     * Ends parts of runs that are open; the caller sorts them by run (docs/rules.md 28). No term: the state of the run guards.
     *
     * @return for each 1, or 0 where the part has ended before, or its run has: nothing is changed then
     * @throws StoreException DUPLICATE where another transaction ends the same part at this moment: a second try sees its row
     */
    public static int[] end(Sql sql, List<PartEnd> ends) {
        return sql.batch("""
                INSERT INTO natsjob_part (run_id, sub_id, worker_id, state, reason, monitor_status, monitor_payload, ended_at)
                SELECT id, ?, ?, ?, ?, ?, ?, ? FROM natsjob_run r
                WHERE r.id = ? AND r.state = 'running' AND NOT EXISTS (SELECT 1 FROM natsjob_part p WHERE p.run_id = ? AND p.sub_id = ?)
                """, ends, PartTable::bind);
    }

    private static void bind(PreparedStatement statement, PartEnd end) throws SQLException {
        statement.setLong(1, end.subId());
        statement.setString(2, end.workerId());
        statement.setString(3, end.state().word());
        statement.setString(4, end.reason());
        statement.setString(5, end.monitorStatus());
        statement.setString(6, end.monitorPayload());
        statement.setLong(7, end.endedAt());
        statement.setLong(8, end.runId());
        statement.setLong(9, end.runId());
        statement.setLong(10, end.subId());
    }

    /** The ended parts of all open runs with an id of at least {@code fromId}, by run and part (docs/rules.md 33). */
    public static void eachOfOpen(Sql sql, long fromId, Consumer<PartEnd> consumer) {
        sql.each("SELECT " + COLUMNS + """
                 FROM natsjob_part p, natsjob_run r
                WHERE r.id = p.run_id AND r.state = 'running' AND p.run_id >= ? ORDER BY p.run_id, p.sub_id
                """, row -> consumer.accept(part(row)), fromId);
    }

    /** The ended parts of these runs, by run and sub-id: at most {@value io.natsjob.job.Parts#MAX} for each. */
    public static Map<Long, Map<Long, PartEnd>> of(Sql sql, Collection<Long> runs) {
        Map<Long, Map<Long, PartEnd>> found = new HashMap<>();
        String statement = "SELECT " + COLUMNS + " FROM natsjob_part p WHERE p.run_id IN (" + "?, ".repeat(RUNS_AT_ONCE - 1) + "?)";
        Iterator<Long> rest = runs.iterator();
        while (rest.hasNext()) {
            Object[] some = new Object[RUNS_AT_ONCE];
            Long last = rest.next();
            for (int i = 0; i < RUNS_AT_ONCE; i++) { // the last id fills the rest, so that one prepared statement serves all
                some[i] = last;
                last = rest.hasNext() && i < RUNS_AT_ONCE - 1 ? rest.next() : last;
            }
            sql.each(statement, row -> {
                PartEnd part = part(row);
                found.computeIfAbsent(part.runId(), id -> new HashMap<>()).put(part.subId(), part);
            }, some);
        }
        return found;
    }

    private static PartEnd part(Row row) {
        return new PartEnd(row.longAt(1), row.longAt(2), row.text(3), Word.stored(RunState.class, row.text(4)), row.text(5), row.text(6), row.text(7), row.longAt(8));
    }
}
