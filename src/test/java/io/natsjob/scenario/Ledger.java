package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.FakeWorker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the worker saw and what the database says, side by side. */
final class Ledger {
    private static final DateTimeFormatter WIRE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    /** A row of natsjob_run. */
    record RunRow(long id, String job, long fireAt, String state) {}

    final List<RunRow> runs = new ArrayList<>();
    final Map<String, Long> tallies = new TreeMap<>();
    /** By "job second": how many messages the worker got. */
    final Map<String, Integer> received = new HashMap<>();
    /** Milliseconds after the nominal second, sorted. */
    final List<Long> lateness = new ArrayList<>();

    /** @param outcomes of tallies that are no skip, quoted for SQL */
    static Ledger of(Path file, FakeWorker worker, String outcomes) {
        try (Connection connection = DatabaseOfScene.connect(file)) {
            return of(connection, worker, outcomes);
        } catch (SQLException e) {
            throw new AssertionError("cannot read " + file, e);
        }
    }

    static Ledger of(Connection database, FakeWorker worker, String outcomes) throws SQLException {
        Ledger ledger = new Ledger();
        ledger.readRuns(database, outcomes);
        for (FakeWorker.Received message : worker.received()) {
            long scheduled = scheduled(message.job());
            ledger.received.merge(message.jobName() + " " + scheduled, 1, Integer::sum);
            ledger.lateness.add(message.epochMillis() - scheduled);
        }
        ledger.lateness.sort(null);
        return ledger;
    }

    private void readRuns(Connection connection, String outcomes) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT id, job, fire_at, state FROM natsjob_run WHERE trigger_kind = 'cron'")) {
                while (rows.next()) {
                    runs.add(new RunRow(rows.getLong(1), rows.getString(2), rows.getLong(3), rows.getString(4)));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT outcome, SUM(amount) FROM natsjob_tally WHERE outcome NOT IN (" + outcomes + ") GROUP BY outcome")) {
                while (rows.next()) {
                    tallies.put(rows.getString(1), rows.getLong(2));
                }
            }
        }
    }

    /** Epoch milliseconds of the fire that a message is of. */
    static long scheduled(JsonObject job) {
        return LocalDateTime.parse(job.getString("scheduledTime", ""), WIRE).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
    }

    long doubledMessages() {
        return received.values().stream().filter(count -> count > 1).count();
    }

    long doubledRuns() {
        Set<String> seen = new HashSet<>();
        return runs.stream().filter(run -> !seen.add(run.job() + " " + run.fireAt())).count();
    }

    Map<String, Long> states() {
        Map<String, Long> states = new TreeMap<>();
        runs.forEach(run -> states.merge(run.state(), 1L, Long::sum));
        return states;
    }

    long skipped() {
        return tallies.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Results that NATS acknowledged and the database does not have. */
    Set<String> lost(Set<String> acknowledged) {
        Set<String> ended = new HashSet<>();
        runs.stream().filter(run -> run.state().equals("success")).forEach(run -> ended.add(Long.toString(run.id())));
        Set<String> lost = new HashSet<>(acknowledged);
        lost.removeAll(ended);
        return lost;
    }
}
