package io.natsjob.store;

import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.Word;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads lists of runs: keyset pages, never a count. */
final class RunSearch {
    static final String COLUMNS = "id, job_id, namespace, app, job, attempt, trigger_kind, state, fire_at, sent_at, deadline_at, ended_at, reason,"
            + " monitor_status, monitor_payload, worker_id, args, term, parts";
    private static final String BY_FIRE = "ORDER BY fire_at DESC, attempt DESC";
    private static final String BY_ID = "ORDER BY id DESC";
    /** Most rows looked at between two looks at the clock: a few milliseconds. */
    private static final int MOST_ROWS_PER_STEP = 5_000;
    /** Rows of the first step beyond the page: claims that are not shown yet, and the first that a filter leaves out. */
    private static final int MORE_THAN_PAGE = 50;
    /** A run's id holds the time of its claim (docs/rules.md 35), which lies at most a minute before its fire; as much again for safety. */
    private static final long CLAIM_AHEAD_MILLIS = 120_000;
    private static final int ID_MILLIS_SHIFT = 20;

    private RunSearch() {}

    static List<Run> page(Sql sql, RunFilter filter, RunCursor after, int limit) {
        Where where = filtered(filter);
        behind(where, filter, after);
        return select(sql, filter, where, limit);
    }

    /**
     * Step by step, each bounded by rows looked at, so that a filter that matches nothing still comes back in time. Each step is
     * twice the last: a page that nothing is left out of costs little more than its own rows.
     */
    static RunPage search(Sql sql, RunFilter filter, RunCursor after, int limit, long maxMillis) {
        long start = sql.clock().nanos();
        List<Run> found = new ArrayList<>();
        RunCursor at = after;
        for (int rows = limit + MORE_THAN_PAGE; ; rows = Math.min(2 * rows, MOST_ROWS_PER_STEP)) {
            Optional<RunCursor> end = stepEnd(sql, filter, at, rows);
            Where where = filtered(filter);
            behind(where, filter, at);
            end.ifPresent(last -> upTo(where, filter, last));
            found.addAll(select(sql, filter, where, limit - found.size()));
            if (found.size() >= limit) {
                return new RunPage(found, RunCursor.after(found.getLast()), null);
            }
            if (end.isEmpty()) {
                return new RunPage(found, null, null);
            }
            at = end.get();
            if (sql.clock().nanos() - start > maxMillis * 1_000_000) {
                return new RunPage(found, at, at.fireAt());
            }
        }
    }

    /** The row that ends the next step, or nothing when fewer are left. */
    private static Optional<RunCursor> stepEnd(Sql sql, RunFilter filter, RunCursor after, int rows) {
        Where where = range(new Where(), filter);
        behind(where, filter, after);
        return sql.one("SELECT id, fire_at, attempt FROM natsjob_run" + where + order(filter) + " LIMIT 1 OFFSET ?",
                row -> new RunCursor(row.longAt(1), row.longAt(2), row.intAt(3)), where.args(rows - 1));
    }

    private static List<Run> select(Sql sql, RunFilter filter, Where where, int limit) {
        return sql.list("SELECT " + COLUMNS + " FROM natsjob_run" + where + order(filter) + " LIMIT ?", RunSearch::run, where.args(limit));
    }

    private static String order(RunFilter filter) {
        return filter.jobId() != null ? BY_FIRE : BY_ID;
    }

    /** The conditions that an index answers. */
    private static Where range(Where where, RunFilter filter) {
        if (filter.jobId() != null) {
            return where.and("job_id = ?", filter.jobId()).ifSet("fire_at >= ?", filter.from()).ifSet("fire_at < ?", filter.to());
        }
        if (filter.state() == RunState.RUNNING) {
            where.and("id >= (SELECT oldest_open_id FROM natsjob_leader WHERE id = 1)"); // docs/rules.md 33
        }
        return filter.from() == null ? where : where.and("id >= ?", Math.max(0, filter.from() - CLAIM_AHEAD_MILLIS) << ID_MILLIS_SHIFT);
    }

    private static Where filtered(RunFilter filter) {
        Where where = range(new Where(), filter);
        if (filter.jobId() == null) {
            where.ifSet("fire_at >= ?", filter.from()).ifSet("fire_at < ?", filter.to());
        }
        return where.ifSet("namespace = ?", filter.namespace()).ifSet("app = ?", filter.app()).ifSet("job = ?", filter.job())
                .ifSet("state = ?", filter.state() == null ? null : filter.state().word())
                .ifSet("monitor_status = ?", filter.monitorStatus()).ifSet("worker_id = ?", filter.workerId())
                .contains("reason", filter.reason()).contains("monitor_payload", filter.monitorPayload())
                .and("(state <> 'running' OR fire_at <= ? OR trigger_kind = 'manual')", filter.visibleUpTo());
    }

    /** {@code fire_at <= ?} says nothing new, but lets every database use the key. */
    private static void behind(Where where, RunFilter filter, RunCursor after) {
        if (after == null) {
            return;
        }
        if (filter.jobId() != null) {
            where.and("fire_at <= ? AND (fire_at < ? OR attempt < ?)", after.fireAt(), after.fireAt(), after.attempt());
        } else {
            where.and("id < ?", after.id());
        }
    }

    private static void upTo(Where where, RunFilter filter, RunCursor last) {
        if (filter.jobId() != null) {
            where.and("fire_at >= ? AND (fire_at > ? OR attempt >= ?)", last.fireAt(), last.fireAt(), last.attempt());
        } else {
            where.and("id >= ?", last.id());
        }
    }

    static Run run(Row row) {
        String parts = row.text(19);
        return new Run(row.longAt(1), row.longAt(2), new RunNames(row.text(3), row.text(4), row.text(5)), row.intAt(6),
                Word.stored(RunTrigger.class, row.text(7)), Word.stored(RunState.class, row.text(8)), row.longAt(9), row.longOrNull(10),
                row.longAt(11), row.longOrNull(12), row.text(13), row.text(14), row.text(15), row.text(16), row.text(17), row.longAt(18),
                parts == null ? null : Parts.of(parts));
    }
}
