package io.natsjob.store;

import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.Word;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** natsjob_run: claims, their ends, and what is read back of them. A row in a final state never changes again. */
public final class RunTable {
    /** Ids asked for in one statement. */
    private static final int KNOWN_AT_ONCE = 100;

    private record Ended(long id, boolean hasParts) {}

    private RunTable() {}

    /**
     * Inserts claims, plainly.
     *
     * @throws StoreException DUPLICATE when one of the keys or ids exists: roll back, then see {@link #owners} (docs/rules.md 5)
     */
    public static void insert(Sql sql, long term, List<NewRun> runs) {
        sql.batch("""
                INSERT INTO natsjob_run (id, job_id, fire_at, attempt, trigger_kind, state, term, job_version, namespace, app, job, args, deadline_at, step, parts)
                VALUES (?, ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """, runs, (statement, run) -> bindClaim(statement, term, run));
    }

    private static void bindClaim(PreparedStatement statement, long term, NewRun run) throws SQLException {
        statement.setLong(1, run.id());
        statement.setLong(2, run.jobId());
        statement.setLong(3, run.fireAt());
        statement.setInt(4, run.attempt());
        statement.setString(5, run.trigger().word());
        statement.setLong(6, term);
        statement.setLong(7, run.jobVersion());
        statement.setString(8, run.names().namespace());
        statement.setString(9, run.names().app());
        statement.setString(10, run.names().job());
        statement.setString(11, run.args());
        statement.setLong(12, run.deadlineAt());
        statement.setInt(13, run.step().code());
        statement.setString(14, run.parts() == null ? null : run.parts().text());
    }

    /** Which of these keys are taken, and by whom (docs/rules.md 5). */
    public static List<KeyOwner> owners(Sql sql, List<NewRun> runs) {
        return runs.stream().flatMap(run -> sql.one("""
                SELECT id, term FROM natsjob_run WHERE job_id = ? AND fire_at = ? AND attempt = ?
                """, row -> new KeyOwner(run.jobId(), run.fireAt(), run.attempt(), row.longAt(1), row.longAt(2)),
                run.jobId(), run.fireAt(), run.attempt()).stream()).toList();
    }

    /** All open runs with an id of at least {@code fromId}, by id (docs/rules.md 33). */
    public static void eachOpen(Sql sql, long fromId, Consumer<StoredOpenRun> consumer) {
        sql.each("""
                SELECT id, job_id, job_version, namespace, app, job, trigger_kind, fire_at, attempt, deadline_at, term, args, step, step_at, parts
                FROM natsjob_run WHERE id >= ? AND state = 'running' ORDER BY id
                """, row -> consumer.accept(openRun(row)), fromId);
    }

    private static StoredOpenRun openRun(Row row) {
        String parts = row.text(15);
        return new StoredOpenRun(row.longAt(1), row.longAt(2), row.longAt(3), new RunNames(row.text(4), row.text(5), row.text(6)),
                Word.stored(RunTrigger.class, row.text(7)), row.longAt(8), row.intAt(9), row.longAt(10), row.longAt(11), row.text(12),
                RunStep.stored(row.intAt(13)), row.longOrNull(14), parts == null ? null : Parts.of(parts));
    }

    /** The highest id, 0 when there is none (docs/rules.md 35). */
    public static long lastId(Sql sql) {
        return sql.one("SELECT COALESCE(MAX(id), 0) FROM natsjob_run", row -> row.longAt(1)).orElseThrow();
    }

    /**
     * Ends runs by their answers; the caller sorts them by id (docs/rules.md 28). No term: the state guards (docs/rules.md 29).
     *
     * @return for each row 1, or 0 where it does not exist or has ended before: nothing is changed then
     */
    public static int[] end(Sql sql, List<RunEnd> ends) {
        return sql.batch("""
                UPDATE natsjob_run SET state = ?, reason = ?, monitor_status = ?, monitor_payload = ?, worker_id = ?, sent_at = ?, deadline_at = ?, ended_at = ?
                WHERE id = ? AND state = 'running'
                """, ends, RunTable::bindEnd);
    }

    /** Ends runs by their deadlines: as {@link #end}, but only in the step and with the stored deadline, and while {@code term} stands (docs/rules.md 29). */
    public static int[] expire(Sql sql, long term, List<Expiry> expiries) {
        return sql.batch("""
                UPDATE natsjob_run SET state = ?, reason = ?, monitor_status = ?, monitor_payload = ?, worker_id = ?, sent_at = ?, deadline_at = ?, ended_at = ?
                WHERE id = ? AND state = 'running' AND step = ? AND deadline_at = ? AND EXISTS (SELECT 1 FROM natsjob_leader WHERE id = 1 AND term = ?)
                """, expiries, (statement, expiry) -> {
            bindEnd(statement, expiry.end());
            statement.setInt(10, expiry.step().code());
            statement.setLong(11, expiry.storedDeadline());
            statement.setLong(12, term);
        });
    }

    private static void bindEnd(PreparedStatement statement, RunEnd end) throws SQLException {
        statement.setString(1, end.state().word());
        statement.setString(2, end.reason());
        statement.setString(3, end.monitorStatus());
        statement.setString(4, end.monitorPayload());
        statement.setString(5, end.workerId());
        if (end.sentAt() == 0) {
            statement.setNull(6, Types.BIGINT);
        } else {
            statement.setLong(6, end.sentAt());
        }
        statement.setLong(7, end.deadlineAt());
        statement.setLong(8, end.endedAt());
        statement.setLong(9, end.id());
    }

    /** Moves the deadline of an open run in this step, in the leader's term; 1 or 0. */
    public static int moveDeadline(Sql sql, long term, long id, RunStep step, long deadlineAt) {
        return sql.update("""
                UPDATE natsjob_run SET deadline_at = ?
                WHERE id = ? AND state = 'running' AND step = ? AND EXISTS (SELECT 1 FROM natsjob_leader WHERE id = 1 AND term = ?)
                """, deadlineAt, id, step.code(), term);
    }

    /**
     * Moves the run of a map from its first to its main step, in the leader's term (docs/rules.md 20 and 29). A second call with the same
     * {@code stepAt} moves the deadline alone: the answer to the first commit may have been lost.
     *
     * @param stepAt     epoch milliseconds, not later than the sending
     * @param deadlineAt of the main step, epoch milliseconds
     * @return 1, or 0 where the run is not in its first step, has ended, or the term is another's: nothing is changed then
     */
    public static int mainStep(Sql sql, long term, long id, long stepAt, long deadlineAt) {
        return sql.update("""
                UPDATE natsjob_run SET step = 0, step_at = ?, deadline_at = ?
                WHERE id = ? AND state = 'running' AND (step = 1 OR step_at = ?) AND EXISTS (SELECT 1 FROM natsjob_leader WHERE id = 1 AND term = ?)
                """, stepAt, deadlineAt, id, stepAt, term);
    }

    /**
     * Fixes the workers of open runs that were claimed without any, in the leader's term (docs/rules.md 20).
     *
     * @return the ids of those whose row has these workers now; also by an earlier call whose commit's answer was lost
     */
    public static Set<Long> pick(Sql sql, long term, Map<Long, Parts> picked) {
        List<Map.Entry<Long, Parts>> rows = List.copyOf(picked.entrySet());
        int[] counts = sql.batch("""
                UPDATE natsjob_run SET parts = ?
                WHERE id = ? AND state = 'running' AND parts IS NULL AND EXISTS (SELECT 1 FROM natsjob_leader WHERE id = 1 AND term = ?)
                """, rows, (statement, row) -> {
            statement.setString(1, row.getValue().text());
            statement.setLong(2, row.getKey());
            statement.setLong(3, term);
        });
        Set<Long> fixed = new HashSet<>();
        for (int i = 0; i < counts.length; i++) {
            Map.Entry<Long, Parts> row = rows.get(i);
            if (counts[i] == 1 || row.getValue().equals(find(sql, row.getKey()).map(Run::parts).orElse(null))) {
                fixed.add(row.getKey());
            }
        }
        return fixed;
    }

    /** Removes claims of this very term that were not sent; those taken over stay (docs/rules.md 6). Answers how many went. */
    public static int drop(Sql sql, long term, List<Long> ids) {
        int[] counts = sql.batch("DELETE FROM natsjob_run WHERE id = ? AND state = 'running' AND term = ?", ids, (statement, id) -> {
            statement.setLong(1, id);
            statement.setLong(2, term);
        });
        return Counts.sum(counts);
    }

    /** Those of the runs that exist. */
    public static Map<Long, Known> known(Sql sql, Collection<Long> ids) {
        Map<Long, Known> known = HashMap.newHashMap(ids.size());
        String statement = "SELECT id, state, namespace, app, job FROM natsjob_run WHERE id IN (" + "?, ".repeat(KNOWN_AT_ONCE - 1) + "?)";
        Iterator<Long> rest = ids.iterator();
        while (rest.hasNext()) {
            Object[] some = new Object[KNOWN_AT_ONCE];
            Long last = rest.next();
            for (int i = 0; i < KNOWN_AT_ONCE; i++) { // the last id fills the rest, so that one prepared statement serves all
                some[i] = last;
                last = rest.hasNext() && i < KNOWN_AT_ONCE - 1 ? rest.next() : last;
            }
            sql.each(statement, row -> known.put(row.longAt(1), new Known(Word.stored(RunState.class, row.text(2)),
                    new RunNames(row.text(3), row.text(4), row.text(5)))), some);
        }
        return known;
    }

    public static Optional<Run> find(Sql sql, long id) {
        return sql.one("SELECT " + RunSearch.COLUMNS + " FROM natsjob_run WHERE id = ?", RunSearch::run, id);
    }

    /** The runs behind {@code after} (null: from the newest on), newest first. Filters that match little may hit the time limit: see {@link #search}. */
    public static List<Run> page(Sql sql, RunFilter filter, RunCursor after, int limit) {
        return RunSearch.page(sql, filter, after, limit);
    }

    /** As {@link #page}, reading for about {@code maxMillis} at most and then answering with what it has. */
    public static RunPage search(Sql sql, RunFilter filter, RunCursor after, int limit, long maxMillis) {
        return RunSearch.search(sql, filter, after, limit, maxMillis);
    }

    /** The run of a job with the newest fire time. */
    public static Optional<Run> lastOf(Sql sql, long jobId, long visibleUpTo) {
        return page(sql, RunFilter.ofJob(jobId, visibleUpTo), null, 1).stream().findFirst();
    }

    /**
     * Deletes about {@code limit} runs with ids above {@code afterId} and below {@code beforeId} that ended before {@code endedBefore}, lowest
     * ids first, and what belongs to them. A run's parts go with it, so that it ends behind the run that brings its rows to {@code limit}.
     * Whoever goes on behind the last one spares the database its way through what is deleted.
     */
    public static Deleted deleteEnded(Sql sql, long afterId, long beforeId, long endedBefore, int limit) {
        List<Ended> found = sql.list("""
                SELECT id, CASE WHEN parts IS NULL THEN 0 ELSE 1 END FROM natsjob_run
                WHERE id > ? AND id < ? AND state <> 'running' AND ended_at < ? ORDER BY id LIMIT ?
                """, row -> new Ended(row.longAt(1), row.flag(2)), afterId, beforeId, endedBefore, limit);
        List<Ended> runs = new ArrayList<>();
        int parts = 0;
        for (Ended run : found) {
            if (runs.size() + parts >= limit) {
                break;
            }
            runs.add(run);
            if (run.hasParts) {
                parts += sql.update("DELETE FROM natsjob_part WHERE run_id = ?", run.id);
            }
        }
        int[] counts = sql.batch("DELETE FROM natsjob_run WHERE id = ? AND state <> 'running'", runs, (statement, run) -> statement.setLong(1, run.id));
        return new Deleted(parts + Counts.sum(counts), runs.isEmpty() ? afterId : runs.getLast().id);
    }

    /**
     * What {@link #deleteEnded} did.
     *
     * @param rows   how many went, of runs and parts; less than the limit: no such run is left
     * @param lastId the highest id of the runs, or where it began
     */
    public record Deleted(int rows, long lastId) {}
}
