package io.natsjob.store;

import io.natsjob.job.RunNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the steps of a run, oldest first: keyset pages, never a count. */
final class StepSearch {
    private static final String COLUMNS = "id, run_id, namespace, app, job, worker_id, scene_id, scene_name, status, reason, monitor_status,"
            + " monitor_payload, start_at, end_at, created_at, stream_created, stream_seq";
    /** Rows looked at between two looks at the clock: a few milliseconds. */
    private static final int ROWS_PER_STRIDE = 5_000;

    private record Mark(long id, long createdAt) {}

    private StepSearch() {}

    /** Stride by stride, each bounded by rows looked at, so that a filter that matches nothing still comes back in time. */
    static StepPage search(Sql sql, StepFilter filter, long afterId, int limit, long maxMillis) {
        long start = sql.clock().nanos();
        List<Step> found = new ArrayList<>();
        long at = afterId;
        while (true) {
            Optional<Mark> end = sql.one("SELECT id, created_at FROM natsjob_step WHERE run_id = ? AND id > ? ORDER BY id LIMIT 1 OFFSET "
                    + (ROWS_PER_STRIDE - 1), row -> new Mark(row.longAt(1), row.longAt(2)), filter.runId(), at);
            Where where = filtered(filter).and("id > ?", at).ifSet("id <= ?", end.map(Mark::id).orElse(null));
            found.addAll(sql.list("SELECT " + COLUMNS + " FROM natsjob_step" + where + "ORDER BY id LIMIT ?", StepSearch::step,
                    where.args(limit - found.size())));
            if (found.size() >= limit) {
                return new StepPage(found, found.getLast().id(), null);
            }
            if (end.isEmpty()) {
                return new StepPage(found, null, null);
            }
            at = end.get().id();
            if (sql.clock().nanos() - start > maxMillis * 1_000_000) {
                return new StepPage(found, at, end.get().createdAt());
            }
        }
    }

    private static Where filtered(StepFilter filter) {
        StepFilter.Named names = filter.names();
        StepFilter.Texts texts = filter.texts();
        return new Where().and("run_id = ?", filter.runId())
                .ifSet("namespace = ?", names.namespace()).ifSet("app = ?", names.app()).ifSet("job = ?", names.job())
                .ifSet("EXISTS (SELECT 1 FROM natsjob_run WHERE natsjob_run.id = run_id AND natsjob_run.job_id = ?)", filter.run().jobId())
                .ifSet("EXISTS (SELECT 1 FROM natsjob_run WHERE natsjob_run.id = run_id AND natsjob_run.state = ?)",
                        filter.run().state() == null ? null : filter.run().state().word())
                .ifSet("created_at >= ?", filter.from()).ifSet("created_at < ?", filter.to())
                .ifSet("status = ?", texts.status()).ifSet("monitor_status = ?", texts.monitorStatus()).ifSet("worker_id = ?", texts.workerId())
                .contains("reason", texts.reason()).contains("monitor_payload", texts.monitorPayload());
    }

    private static Step step(Row row) {
        return new Step(row.longAt(1), row.longAt(2), new RunNames(row.text(3), row.text(4), row.text(5)),
                new Step.Report(row.text(6), row.text(7), row.text(8), row.text(9), row.text(10), row.text(11), row.text(12), row.longOrNull(13),
                        row.longOrNull(14)),
                row.longAt(15), new Step.Origin(row.longAt(16), row.longAt(17)));
    }
}
