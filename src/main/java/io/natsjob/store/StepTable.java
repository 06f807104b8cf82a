package io.natsjob.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** natsjob_step: what workers reported on the way. A row never changes what it says. */
public final class StepTable {
    /** Sequences asked for in one statement. */
    private static final int STORED_AT_ONCE = 100;

    private StepTable() {}

    /**
     * Inserts steps, plainly.
     *
     * @throws StoreException DUPLICATE when one of the keys or ids exists: roll back, then see {@link #stored} (docs/rules.md 30)
     */
    public static void insert(Sql sql, List<Step> steps) {
        sql.batch("""
                INSERT INTO natsjob_step (id, run_id, namespace, app, job, worker_id, scene_id, scene_name, status, reason, monitor_status, monitor_payload,
                    start_at, end_at, created_at, stream_created, stream_seq)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, steps, StepTable::bind);
    }

    private static void bind(PreparedStatement statement, Step step) throws SQLException {
        Step.Report report = step.report();
        statement.setLong(1, step.id());
        statement.setLong(2, step.runId());
        statement.setString(3, step.names().namespace());
        statement.setString(4, step.names().app());
        statement.setString(5, step.names().job());
        statement.setString(6, report.workerId());
        statement.setString(7, report.sceneId());
        statement.setString(8, report.sceneName());
        statement.setString(9, report.status());
        statement.setString(10, report.reason());
        statement.setString(11, report.monitorStatus());
        statement.setString(12, report.monitorPayload());
        time(statement, 13, report.startAt());
        time(statement, 14, report.endAt());
        statement.setLong(15, step.createdAt());
        statement.setLong(16, step.origin().streamCreated());
        statement.setLong(17, step.origin().sequence());
    }

    private static void time(PreparedStatement statement, int at, Long millis) throws SQLException {
        if (millis == null) {
            statement.setNull(at, Types.BIGINT);
        } else {
            statement.setLong(at, millis);
        }
    }

    /** Which of these sequences of one stream are stored, and under which id. */
    public static Map<Long, Long> stored(Sql sql, long streamCreated, List<Long> sequences) {
        Map<Long, Long> stored = HashMap.newHashMap(sequences.size());
        String statement = "SELECT stream_seq, id FROM natsjob_step WHERE stream_created = ? AND stream_seq IN (" + "?, ".repeat(STORED_AT_ONCE - 1) + "?)";
        for (int from = 0; from < sequences.size(); from += STORED_AT_ONCE) {
            Object[] args = new Object[STORED_AT_ONCE + 1]; // the last sequence fills the rest, so that one prepared statement serves all
            Arrays.fill(args, sequences.getLast());
            args[0] = streamCreated;
            for (int i = 0; i < STORED_AT_ONCE && from + i < sequences.size(); i++) {
                args[i + 1] = sequences.get(from + i);
            }
            sql.each(statement, row -> stored.put(row.longAt(1), row.longAt(2)), args);
        }
        return stored;
    }

    /** The highest id, 0 when there is none. */
    public static long lastId(Sql sql) {
        return sql.one("SELECT COALESCE(MAX(id), 0) FROM natsjob_step", row -> row.longAt(1)).orElseThrow();
    }

    /** The highest sequence that is stored of a stream, 0 when there is none. */
    public static long lastSequence(Sql sql, long streamCreated) {
        return sql.one("SELECT COALESCE(MAX(stream_seq), 0) FROM natsjob_step WHERE stream_created = ?", row -> row.longAt(1), streamCreated).orElseThrow();
    }

    /**
     * Gives sequences behind {@code last} free, since the stream has lost those messages and will count others by the same numbers. The
     * steps stay. Answers how many there were.
     */
    public static int lost(Sql sql, long streamCreated, long last) {
        return sql.update("UPDATE natsjob_step SET stream_seq = -id WHERE stream_created = ? AND stream_seq > ?", streamCreated, last);
    }

    /** Whether there is any step of this run. */
    public static boolean any(Sql sql, long runId) {
        return !sql.list("SELECT id FROM natsjob_step WHERE run_id = ? ORDER BY id LIMIT 1", row -> row.longAt(1), runId).isEmpty();
    }

    /** The steps of a run behind {@code afterId} (0: from the first on), oldest first, reading for about {@code maxMillis} at most. */
    public static StepPage search(Sql sql, StepFilter filter, long afterId, int limit, long maxMillis) {
        return StepSearch.search(sql, filter, afterId, limit, maxMillis);
    }

    /**
     * Looks at {@code limit} steps with ids between two others, oldest first, and deletes those whose run is not there any more, or never was.
     *
     * @return the last id that was looked at; 0 when there were fewer, so that the next round begins anew
     */
    public static long deleteOrphans(Sql sql, long afterId, long beforeId, int limit) {
        Map<Long, Long> runs = new HashMap<>();
        sql.each("SELECT id, run_id FROM natsjob_step WHERE id > ? AND id < ? ORDER BY id LIMIT ?", row -> runs.put(row.longAt(1), row.longAt(2)),
                afterId, beforeId, limit);
        if (!runs.isEmpty()) {
            Map<Long, Known> known = RunTable.known(sql, List.copyOf(new TreeSet<>(runs.values())));
            List<Long> orphans = runs.keySet().stream().filter(id -> !known.containsKey(runs.get(id))).sorted().toList();
            sql.batch("DELETE FROM natsjob_step WHERE id = ?", orphans, (statement, id) -> statement.setLong(1, id));
        }
        return runs.size() < limit ? 0 : runs.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }
}
