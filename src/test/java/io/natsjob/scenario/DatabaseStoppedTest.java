package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.DatabaseServer;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The database is stopped under load and started again: recorded jobs stop and are counted, lite ones go on, answers wait in NATS, no restart. */
@Tag("database")
final class DatabaseStoppedTest {
    private static final int TIMEOUT_SECONDS = 60;
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    /** Later than that behind its second a message is part of a burst. */
    private static final long LATE = 4_000;
    /** Answers of what was sent right before the stop come while the database is away. */
    private static final Duration WORK = Duration.ofSeconds(3);

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void a_stop_of_the_database_is_counted_and_all_drains_without_a_restart() {
        check(Base.chosenServer());
    }

    static void check(Base base) {
        int jobs = Scene.size("verify.jobs", 20);
        int outage = Scene.size("verify.outage", 6);
        int seconds = outage + 16;
        Verdict verdict = new Verdict("database stopped for " + outage + " s under load, " + jobs + " max and " + jobs + " lite jobs, " + base);
        try (DatabaseServer database = base.own();
                Scene scene = Scene.on(new DatabaseOfScene.OnServer(base, database, database.create(), null)).worker("memory")) {
            scene.worker.answering(message -> new FakeWorker.Answer(FakeWorker.Answer.success().bytes(), WORK));
            scene.everySecond(jobs, seconds, Map.of("max", new JsonObject().add("model", "max").add("misfire", "skip").add("timeoutSeconds", TIMEOUT_SECONDS),
                    "lite", new JsonObject().add("model", "lite")));
            HttpApi api = scene.server.login();
            Scene.until(scene.from + 4_300);
            long pid = scene.server.pid();
            database.stop();
            long down = System.currentTimeMillis();
            Scene.until(down + outage * 500L);
            during(verdict, api);
            Scene.until(down + outage * 1_000L);
            Set<String> acknowledged = scene.worker.acknowledged();
            database.start();
            long up = System.currentTimeMillis();
            Scene.until(scene.to + 1_500);
            Eventually.awaitEqual("answers under way", Duration.ofSeconds(20), 0, () -> scene.worker.unacknowledged());
            Eventually.awaitEqual("open runs", Duration.ofSeconds(20), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("readyz afterwards", "200 up", api.get("/readyz").status() + " " + api.get("/readyz").text("database"));
            verdict.equal("problems afterwards", List.of("default-password"), Readiness.problems(api));
            verdict.equal("same process", pid, scene.server.pid());
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            verdict.atLeast("answers that NATS took while the database was away", jobs, acknowledged.size() - ended(scene, down));
            judge(verdict, scene, jobs, seconds, new long[] {down, up});
        }
        verdict.done();
    }

    private static void during(Verdict verdict, HttpApi api) {
        verdict.equal("readyz meanwhile", "503 down", api.get("/readyz").status() + " " + api.get("/readyz").text("database"));
        verdict.equal("problems meanwhile", List.of("db-down", "default-password"), Readiness.problems(api));
        HttpApi.Reply refused = api.get("jobs");
        verdict.equal("a request meanwhile", "503 db.unavailable", refused.status() + " " + refused.code());
    }

    /** Runs that had ended before. */
    private static long ended(Scene scene, long before) {
        return Counted.number(scene, "SELECT COUNT(*) FROM natsjob_run WHERE ended_at < ?", before);
    }

    private static void judge(Verdict verdict, Scene scene, int jobs, int seconds, long[] away) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        Counted max = Counted.of(scene, "max");
        Counted lite = Counted.of(scene, "lite");
        long outage = (away[1] - away[0]) / 1_000;
        verdict.told("away, s", outage);
        verdict.told("counted of max", max.byOutcome);
        verdict.told("counted of lite", lite.byOutcome);
        verdict.told("lateness at the worker, ms", "p50 " + Scene.percentile(ledger.lateness, 0.5) + ", p99 " + Scene.percentile(ledger.lateness, 0.99)
                + ", max " + Scene.percentile(ledger.lateness, 1));
        verdict.equal("problems of the worker", "[]", scene.worker.problems());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("max jobs whose runs and skips are not all seconds", 0, max.wrong(jobs, seconds));
        verdict.equal("reasons of skips of max", Set.of("db-down"), max.reasons());
        verdict.that("fires of max counted as db-down", "from " + jobs * (outage - 1) + " to " + jobs * (outage + 5), max.byOutcome.get("db-down") + "",
                max.byOutcome.getOrDefault("db-down", 0L) >= jobs * (outage - 1) && max.byOutcome.getOrDefault("db-down", 0L) <= jobs * (outage + 5));
        verdict.equal("runs by state", Map.of("success", max.runs.values().stream().mapToLong(Long::longValue).sum()), ledger.states());
        verdict.equal("runs counted", ledger.states().get("success"), max.byOutcome.get("success"));
        verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(scene.worker.acknowledged()));
        verdict.equal("(lite job, second) received", jobs * seconds, ledger.received.keySet().stream().filter(fire -> fire.startsWith("lite-")).count());
        verdict.equal("counted of lite", Map.of("sent", (long) jobs * seconds), lite.byOutcome);
        verdict.atMost("lateness of the latest message, ms", LATE, Scene.percentile(ledger.lateness, 1));
    }
}
