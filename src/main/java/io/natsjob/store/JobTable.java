package io.natsjob.store;

import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** natsjob_job, joined with app and namespace. Only the living are read, but for {@link #changedSince} and {@link #findAny}; a deleted one frees its name. */
public final class JobTable {
    private static final String SELECT = "SELECT " + JobRows.COLUMNS + JobRows.FROM;

    private JobTable() {}

    /** By id, those behind {@code afterId}. */
    public static List<Job> page(Sql sql, JobFilter filter, long afterId, int limit) {
        Where where = living().and("j.id > ?", afterId).ifSet("n.name = ?", filter.namespace()).ifSet("a.name = ?", filter.app())
                .contains("j.name", filter.q()).ifSet("j.enabled = ?", filter.enabled())
                .ifSet("j.model = ?", filter.model() == null ? null : filter.model().word())
                .ifSet("j.category = ?", filter.category() == null ? null : filter.category().word());
        return sql.list(SELECT + where + "ORDER BY j.id LIMIT ?", new JobRows()::job, where.args(limit));
    }

    public static Optional<Job> find(Sql sql, long id) {
        Where where = living().and("j.id = ?", id);
        return sql.one(SELECT + where, new JobRows()::job, where.args());
    }

    /** As {@link #find}, deleted ones too: for a run that outlives its job. */
    public static Optional<Job> findAny(Sql sql, long id) {
        Where where = new Where().and("j.id = ?", id);
        return sql.one(SELECT + where, new JobRows()::job, where.args());
    }

    /** All living jobs, by id, one after the other; app and namespace objects are shared. */
    public static void each(Sql sql, Consumer<Job> consumer) {
        JobRows rows = new JobRows();
        sql.each(SELECT + living() + "ORDER BY j.id", row -> consumer.accept(rows.job(row)));
    }

    /** @throws StoreException DUPLICATE when the name is taken among the living of its app */
    public static Job insert(Sql sql, Job job, long changeSeq) {
        JobSpec spec = job.spec();
        sql.update("""
                INSERT INTO natsjob_job (id, version, change_seq, app_id, name, note, enabled, cron_text, zone_name, anchor_at, start_at, end_at,
                    misfire, misfire_max, category, model, subject_model, worker_choice, max_concurrency, timeout_seconds, args,
                    created_at, updated_at, deleted_at, living)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)
                """, job.id(), job.version(), changeSeq, job.app().id(), spec.name(), spec.comment(), spec.enabled(),
                spec.timing().schedule(), spec.timing().zone(), spec.timing().anchor(), spec.timing().startAt(), spec.timing().endAt(),
                spec.timing().misfire().word(), spec.timing().misfireMax(), spec.route().category().word(), spec.route().model().word(),
                spec.route().subjectModel().word(), spec.route().condition().word(), spec.limits().maxConcurrency(), spec.limits().timeoutSeconds(),
                spec.args(), job.createdAt(), job.updatedAt());
        return job;
    }

    /**
     * Writes all fields; the row's version becomes {@code expectedVersion + 1}, whatever {@code changed} says.
     *
     * @return false when it is deleted or its version is another
     * @throws StoreException DUPLICATE when the name is taken among the living of its app
     */
    public static boolean update(Sql sql, Job changed, long expectedVersion, long changeSeq) {
        JobSpec spec = changed.spec();
        return 1 == sql.update("""
                UPDATE natsjob_job SET version = ?, change_seq = ?, app_id = ?, name = ?, note = ?, enabled = ?, cron_text = ?, zone_name = ?, anchor_at = ?,
                    start_at = ?, end_at = ?, misfire = ?, misfire_max = ?, category = ?, model = ?, subject_model = ?, worker_choice = ?,
                    max_concurrency = ?, timeout_seconds = ?, args = ?, updated_at = ?
                WHERE id = ? AND version = ? AND living = 0
                """, expectedVersion + 1, changeSeq, changed.app().id(), spec.name(), spec.comment(), spec.enabled(),
                spec.timing().schedule(), spec.timing().zone(), spec.timing().anchor(), spec.timing().startAt(), spec.timing().endAt(),
                spec.timing().misfire().word(), spec.timing().misfireMax(), spec.route().category().word(), spec.route().model().word(),
                spec.route().subjectModel().word(), spec.route().condition().word(), spec.limits().maxConcurrency(), spec.limits().timeoutSeconds(),
                spec.args(), changed.updatedAt(), changed.id(), expectedVersion);
    }

    /** Soft: the row stays for its runs and tallies, the name is free. False when there is no living one. */
    public static boolean delete(Sql sql, long id, long now, long changeSeq) {
        return 1 == sql.update("""
                UPDATE natsjob_job SET deleted_at = ?, updated_at = ?, living = id, version = version + 1, change_seq = ? WHERE id = ? AND living = 0
                """, now, now, changeSeq, id);
    }

    /** The jobs edited after {@code changeSeq}, themselves or by their app or namespace, in the order of the edits (docs/rules.md 22). */
    public static List<JobChange> changedSince(Sql sql, long changeSeq) {
        JobRows rows = new JobRows();
        return sql.list("SELECT " + JobRows.COLUMNS + ", j.change_seq, a.change_seq, n.change_seq, j.living + a.living + n.living" + JobRows.FROM + """
                WHERE j.id IN (
                    SELECT id FROM natsjob_job WHERE change_seq > ?
                    UNION SELECT id FROM natsjob_job WHERE living = 0 AND app_id IN (
                        SELECT id FROM natsjob_app WHERE change_seq > ? OR namespace_id IN (SELECT id FROM natsjob_namespace WHERE change_seq > ?)))
                """, row -> change(row, rows), changeSeq, changeSeq, changeSeq).stream()
                .sorted(Comparator.comparingLong(JobChange::changeSeq).thenComparingLong(JobChange::jobId)).toList();
    }

    private static JobChange change(Row row, JobRows rows) {
        long newest = Math.max(row.longAt(JobRows.NEXT), Math.max(row.longAt(JobRows.NEXT + 1), row.longAt(JobRows.NEXT + 2)));
        boolean deleted = row.longAt(JobRows.NEXT + 3) != 0;
        return new JobChange(newest, row.longAt(1), deleted ? null : rows.job(row));
    }

    /** {@code namespaceId} null for all. */
    public static JobCounts counts(Sql sql, Long namespaceId) {
        Where apps = new Where().and("a.living = 0").and("n.living = 0").ifSet("n.id = ?", namespaceId);
        long appCount = sql.one("SELECT COUNT(*) FROM natsjob_app a JOIN natsjob_namespace n ON n.id = a.namespace_id" + apps, row -> row.longAt(1), apps.args())
                .orElseThrow();
        Where jobs = living().ifSet("n.id = ?", namespaceId);
        return sql.one("SELECT COUNT(*), COALESCE(SUM(j.enabled), 0)" + JobRows.FROM + jobs,
                row -> new JobCounts(appCount, row.longAt(1), row.longAt(2)), jobs.args()).orElseThrow();
    }

    private static Where living() {
        return new Where().and("j.living = 0").and("a.living = 0").and("n.living = 0");
    }
}
