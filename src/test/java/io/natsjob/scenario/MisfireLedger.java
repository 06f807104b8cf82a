package io.natsjob.scenario;

import io.natsjob.testkit.FakeWorker;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Of one job that is due every second: what the worker got, of seconds that were claimed at their time and of others, and what was counted. */
record MisfireLedger(List<Long> due, List<Long> inTime, List<Long> madeUp, Set<Long> claimed, Map<String, Long> counted) {
    private static final DateTimeFormatter WIRE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS");

    /** @param from first second that is due, epoch milliseconds; {@code to}: the last one */
    static MisfireLedger of(String job, long from, long to, FakeWorker worker, Path database) {
        MisfireLedger ledger = new MisfireLedger(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashSet<>(), new TreeMap<>());
        for (long at = from; at <= to; at += 1_000) {
            ledger.due.add(at);
        }
        ledger.read(job, database);
        for (FakeWorker.Received message : worker.received()) {
            if (message.jobName().equals(job)) {
                long scheduled = LocalDateTime.parse(message.job().getString("scheduledTime", ""), WIRE).atZone(ZoneId.systemDefault()).toInstant().toEpochMilli();
                (ledger.claimed.contains(scheduled) ? ledger.inTime : ledger.madeUp).add(scheduled);
            }
        }
        return ledger;
    }

    private void read(String job, Path database) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + database); Statement statement = connection.createStatement()) {
            try (ResultSet rows = statement.executeQuery("SELECT fire_at FROM natsjob_run WHERE trigger_kind = 'cron' AND job = '" + job + "'")) {
                while (rows.next()) {
                    claimed.add(rows.getLong(1));
                }
            }
            try (ResultSet rows = statement.executeQuery("SELECT outcome, SUM(amount) FROM natsjob_tally WHERE outcome NOT IN ('success', 'fail', 'expired')"
                    + " AND job_id = (SELECT id FROM natsjob_job WHERE name = '" + job + "') GROUP BY outcome")) {
                while (rows.next()) {
                    counted.put(rows.getString(1), rows.getLong(2));
                }
            }
        } catch (SQLException e) {
            throw new AssertionError("cannot read " + database, e);
        }
    }

    /** The seconds that were due and not claimed at their time. */
    List<Long> missed() {
        return due.stream().filter(at -> !claimed.contains(at)).toList();
    }

    /** The newest {@code count} of them, oldest first. */
    List<Long> promised(int count) {
        List<Long> missed = missed();
        return missed.subList(Math.max(0, missed.size() - count), missed.size());
    }

    long doubled() {
        List<Long> all = new ArrayList<>(inTime);
        all.addAll(madeUp);
        return all.size() - new HashSet<>(all).size();
    }

    /** Without what the worker got at {@code second}, as if a message had been lost. */
    MisfireLedger without(long second) {
        return new MisfireLedger(due, inTime, madeUp.stream().filter(at -> at != second).toList(), claimed, counted);
    }
}
