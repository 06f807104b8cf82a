package io.natsjob.scenario;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** After an outage each misfire policy fires exactly what it promises, by the books of an independent worker. */
@Tag("fault")
final class MisfireAfterOutageTest {
    private static final int TIMEOUT_SECONDS = 8;
    private static final long LATE_MILLIS = 30_000;
    /** By the name of the job: how many of the newest missed fires it makes up. */
    private static final Map<String, Integer> MADE_UP = new TreeMap<>(Map.of("skip", 0, "fire-once", 1, "fire-all-10", 10, "fire-all-1000", 1_000));

    private static JsonObject job(String name, long from, long to) {
        String misfire = name.startsWith("fire-all") ? "fireAll" : name.equals("skip") ? "skip" : "fireOnce";
        return new JsonObject().add("namespace", "app").add("app", "biz").add("name", name).add("schedule", "* * * * * *").add("startAt", from).add("endAt", to)
                .add("maxConcurrency", 1_000).add("timeoutSeconds", TIMEOUT_SECONDS).add("misfire", misfire).add("misfireMax", Math.max(1, MADE_UP.get(name)));
    }

    @ParameterizedTest
    @CsvSource({"server, missed", "nats, nats-down", "pause, paused", "database, db-down"})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void each_policy_fires_what_it_promises(String what, String reason) {
        int outage = Scene.size("verify.outage", 8);
        Verdict verdict = new Verdict("misfire policies after " + outage + " s without " + (what.equals("pause") ? "firing (paused)" : what));
        try (Scene scene = new Scene().worker("memory")) {
            HttpApi api = scene.server.login();
            long from = (System.currentTimeMillis() / 1_000 + 3) * 1_000;
            long to = from + (outage + 14) * 1_000L + (what.equals("database") ? LATE_MILLIS : 0);
            MADE_UP.keySet().forEach(name -> api.post("/natsjob/api/v1/jobs", job(name, from, to)).expect(201));
            Scene.until(from + 4_300);
            outage(scene, what, outage);
            Scene.until(to + 1_500);
            HttpApi after = scene.server.login();
            Eventually.awaitEqual("open runs", Duration.ofSeconds(TIMEOUT_SECONDS + 20), 0, () -> after.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            for (Map.Entry<String, Integer> policy : MADE_UP.entrySet()) {
                MisfireLedger ledger = MisfireLedger.of(policy.getKey(), from, to, scene.worker, scene.server.database());
                judge(verdict, policy.getKey(), policy.getValue(), ledger, outage, reason);
            }
        }
        verdict.done();
    }

    private static void outage(Scene scene, String what, int seconds) {
        long end = System.currentTimeMillis() + seconds * 1_000L;
        switch (what) {
            case "server" -> {
                scene.server.stop();
                Scene.until(end);
                scene.server.start();
            }
            case "nats" -> {
                scene.nats.stop();
                Scene.until(end);
                scene.nats.restart();
            }
            case "pause" -> {
                scene.server.login().post("/natsjob/api/v1/pause", new JsonObject().add("namespace", Json.NULL)).expect(200);
                Scene.until(end);
                scene.server.login().post("/natsjob/api/v1/resume", new JsonObject().add("namespace", Json.NULL)).expect(200);
            }
            case "database" -> {
                // What is claimed less than 30 s late still goes out late: only a longer one misses anything.
                end += LATE_MILLIS;
                try (Connection lock = DriverManager.getConnection("jdbc:sqlite:" + scene.server.database()); Statement statement = lock.createStatement()) {
                    statement.execute("PRAGMA busy_timeout = 5000");
                    statement.execute("BEGIN IMMEDIATE");
                    Scene.until(end);
                    statement.execute("ROLLBACK");
                } catch (SQLException e) {
                    throw new AssertionError("the database cannot be locked", e);
                }
            }
            default -> throw new IllegalArgumentException(what);
        }
    }

    private static void judge(Verdict verdict, String name, int count, MisfireLedger ledger, int outage, String reason) {
        List<Long> promised = ledger.promised(count);
        long counted = ledger.missed().size() - promised.size();
        verdict.atLeast(name + ": seconds missed", outage - 3.0, ledger.missed().size());
        verdict.equal(name + ": made up, s after the first missed, in the order of arrival", seconds(ledger, promised), seconds(ledger, ledger.madeUp()));
        verdict.equal(name + ": counted", counted == 0 ? Map.of() : Map.of(reason, counted), ledger.counted());
        verdict.equal(name + ": (job, second) received twice", 0, ledger.doubled());
        if (count > 0) {
            MisfireLedger damaged = ledger.without(promised.getLast());
            verdict.equal(name + ": counter-proof, one message taken away is seen", false, damaged.madeUp().equals(promised));
        }
    }

    private static List<Long> seconds(MisfireLedger ledger, List<Long> times) {
        long first = ledger.missed().isEmpty() ? 0 : ledger.missed().getFirst();
        return times.stream().map(at -> (at - first) / 1_000).toList();
    }
}
