package io.natsjob.store;

import io.natsjob.job.SkipReason;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** natsjob_tally: counts by job, hour and outcome. Each writer has its own rows, so that writers do not wait for each other. */
public final class TallyTable {
    private static final Comparator<Tally> KEY_ORDER = Comparator.comparingLong(Tally::hour).thenComparingLong(Tally::jobId).thenComparing(Tally::outcome);
    private static final List<String> SKIPS = Stream.of(SkipReason.values()).map(reason -> "'" + reason.word() + "'").toList();
    /** One look into the index for each reason, however many hours there are. */
    static final String NEWEST_SKIP = SKIPS.stream().map(skip -> "SELECT MAX(hour) AS newest FROM natsjob_tally WHERE job_id = ? AND outcome = " + skip)
            .collect(Collectors.joining(" UNION ALL ", "SELECT job_id, hour, outcome, amount, last_at FROM natsjob_tally WHERE hour = (SELECT MAX(newest) FROM (",
                    ") AS newest_hours) AND job_id = ? AND outcome IN (" + String.join(", ", SKIPS) + ") ORDER BY last_at DESC LIMIT 1"));

    private static final Upsert ADD = new Upsert("natsjob_tally", List.of("hour", "job_id", "outcome", "writer"), List.of("amount", "last_at"),
            List.of("amount = old.amount + new.amount", "last_at = CASE WHEN new.last_at > old.last_at THEN new.last_at ELSE old.last_at END"));

    private TallyTable() {}

    /** Adds to what stands there, in key order; the last statement of its transaction (docs/rules.md 28). */
    public static void add(Sql sql, int writer, List<Tally> tallies) {
        sql.upsertAll(ADD, sums(tallies), (statement, tally) -> {
            statement.setLong(1, tally.hour());
            statement.setLong(2, tally.jobId());
            statement.setString(3, tally.outcome());
            statement.setInt(4, writer);
            statement.setLong(5, tally.count());
            statement.setLong(6, tally.lastAt());
        });
    }

    /** In key order, one for each key: PostgreSQL refuses to change a row twice in one statement, and a batch becomes one. */
    private static List<Tally> sums(List<Tally> tallies) {
        SequencedMap<Tally, Tally> sums = new TreeMap<>(KEY_ORDER);
        for (Tally tally : tallies) {
            sums.merge(tally, tally, (a, b) -> new Tally(a.jobId(), a.hour(), a.outcome(), a.count() + b.count(), Math.max(a.lastAt(), b.lastAt())));
        }
        return List.copyOf(sums.values());
    }

    /** The tallies of a job for hours from {@code from} to before {@code to}, by hour and outcome. */
    public static List<Tally> of(Sql sql, long jobId, long from, long to) {
        return sql.list("""
                SELECT job_id, hour, outcome, SUM(amount), MAX(last_at) FROM natsjob_tally
                WHERE job_id = ? AND hour >= ? AND hour < ? GROUP BY job_id, hour, outcome ORDER BY hour, outcome
                """, TallyTable::tally, jobId, from, to);
    }

    /** Sums by outcome over the hours from {@code from} on; {@code namespaceId} null for all. Deleted jobs count. */
    public static Map<String, Long> totals(Sql sql, Long namespaceId, long from) {
        Map<String, Long> totals = new HashMap<>();
        if (namespaceId == null) {
            sql.each("SELECT outcome, SUM(amount) FROM natsjob_tally WHERE hour >= ? GROUP BY outcome",
                    row -> totals.put(row.text(1), row.longAt(2)), from);
        } else {
            sql.each("""
                    SELECT t.outcome, SUM(t.amount) FROM natsjob_tally t
                    JOIN natsjob_job j ON j.id = t.job_id JOIN natsjob_app a ON a.id = j.app_id
                    WHERE t.hour >= ? AND a.namespace_id = ? GROUP BY t.outcome
                    """, row -> totals.put(row.text(1), row.longAt(2)), from, namespaceId);
        }
        return totals;
    }

    /** The newest fire of a job that was skipped; its count is that of its hour and writer. */
    public static Optional<Tally> lastSkip(Sql sql, long jobId) {
        return sql.one(NEWEST_SKIP, TallyTable::tally, Collections.nCopies(SKIPS.size() + 1, jobId).toArray());
    }

    /** Deletes at most {@code limit} rows of hours before {@code hour}; answers how many. */
    public static int deleteBefore(Sql sql, long hour, int limit) {
        List<Object[]> keys = sql.list("SELECT hour, job_id, outcome, writer FROM natsjob_tally WHERE hour < ? ORDER BY hour LIMIT ?",
                row -> new Object[] {row.longAt(1), row.longAt(2), row.text(3), row.longAt(4)}, hour, limit);
        return Counts.sum(sql.batch("DELETE FROM natsjob_tally WHERE hour = ? AND job_id = ? AND outcome = ? AND writer = ?", keys));
    }

    private static Tally tally(Row row) {
        return new Tally(row.longAt(1), row.longAt(2), row.text(3), row.longAt(4), row.longAt(5));
    }
}
