package io.natsjob.scenario;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What natsjob counted of the fires of a kind of jobs, and how many have a run, job by job. */
final class Counted {
    /** Sums over the jobs of the kind, by outcome; runs that have ended are counted too. */
    final Map<String, Long> byOutcome = new TreeMap<>();
    /** Fires of each job that have a row. */
    final Map<String, Long> runs = new TreeMap<>();
    /** Fires of each job that were left out. */
    final Map<String, Long> skips = new TreeMap<>();

    /** @param kind with which the names of the jobs begin */
    static Counted of(Scene scene, String kind) {
        Counted counted = new Counted();
        try (Connection connection = scene.database.connect(scene.server)) {
            each(connection, "SELECT j.name, t.outcome, SUM(t.amount) FROM natsjob_tally t JOIN natsjob_job j ON j.id = t.job_id WHERE j.name LIKE ? GROUP BY j.name, t.outcome", kind,
                    row -> counted.tally(row.getString(1), row.getString(2), row.getLong(3)));
            each(connection, "SELECT job, COUNT(*) FROM natsjob_run WHERE trigger_kind = 'cron' AND job LIKE ? GROUP BY job", kind,
                    row -> counted.runs.put(row.getString(1), row.getLong(2)));
        } catch (SQLException e) {
            throw new AssertionError("cannot read " + scene.database, e);
        }
        return counted;
    }

    /** Jobs whose runs and skips are not {@code fires} together. */
    long wrong(int jobs, int fires) {
        long right = runs.keySet().stream().filter(job -> runs.get(job) + skips.getOrDefault(job, 0L) == fires).count();
        long without = skips.keySet().stream().filter(job -> !runs.containsKey(job) && skips.get(job) == fires).count();
        return jobs - right - without;
    }

    /** For which fires were left out. */
    Set<String> reasons() {
        Set<String> reasons = new TreeSet<>(byOutcome.keySet());
        reasons.removeAll(Set.of("success", "fail", "expired", "sent"));
        return reasons;
    }

    /** The number that a query answers. */
    static long number(Scene scene, String sql, long parameter) {
        try (Connection connection = scene.database.connect(scene.server); PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setLong(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        } catch (SQLException e) {
            throw new AssertionError("cannot read " + scene.database, e);
        }
    }

    private void tally(String job, String outcome, long amount) {
        byOutcome.merge(outcome, amount, Long::sum);
        switch (outcome) {
            case "success", "fail", "expired", "sent" -> { }
            default -> skips.merge(job, amount, Long::sum);
        }
    }

    private interface Take {
        void row(ResultSet row) throws SQLException;
    }

    private static void each(Connection connection, String sql, String kind, Take take) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            statement.setString(1, kind + "-%");
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    take.row(rows);
                }
            }
        }
    }
}
