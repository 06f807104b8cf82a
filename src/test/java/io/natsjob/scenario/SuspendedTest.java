package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole process stands still for a while, as in a suspended machine (docs/rules.md 4 and 31): nothing fires twice, and what passed is sent late or counted. */
@Tag("slow")
final class SuspendedTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    /** Over that a fire is not sent any more; a little more on a machine that is busy. */
    private static final long LATE = 31_000;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_short_and_a_long_standstill_double_nothing_and_leave_nothing_untold() {
        int jobs = Scene.size("verify.jobs", 10);
        int longer = Scene.size("verify.suspended", 40);
        int seconds = 5 + 5 + 6 + longer + 8;
        Base base = Base.chosen();
        Verdict verdict = new Verdict("the process stopped for 5 s and " + longer + " s under load, " + jobs + " max and " + jobs + " lite jobs, " + base);
        try (Scene scene = new Scene(base).worker("memory")) {
            scene.everySecond(jobs, seconds, Map.of("max", new JsonObject().add("model", "max").add("misfire", "skip").add("maxConcurrency", 100),
                    "lite", new JsonObject().add("model", "lite")));
            HttpApi api = scene.server.login();
            Scene.until(scene.from + 4_300);
            stand(scene, 5);
            Scene.until(System.currentTimeMillis() + 6_000);
            stand(scene, longer);
            Scene.until(scene.to + 2_500);
            Eventually.awaitEqual("open runs", Duration.ofSeconds(70), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            judge(verdict, scene, jobs, seconds, longer);
        }
        verdict.done();
    }

    private static void stand(Scene scene, int seconds) {
        scene.server.pause();
        Scene.pass(seconds * 1_000L);
        scene.server.resume();
    }

    private static void judge(Verdict verdict, Scene scene, int jobs, int seconds, int longer) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        Counted max = Counted.of(scene, "max");
        Counted lite = Counted.of(scene, "lite");
        verdict.told("counted of max", max.byOutcome);
        verdict.told("counted of lite", lite.byOutcome);
        verdict.told("lateness of the latest message, ms", Scene.percentile(ledger.lateness, 1));
        verdict.equal("problems of the worker", "[]", scene.worker.problems());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("max jobs whose runs and skips are not all seconds", 0, max.wrong(jobs, seconds));
        verdict.equal("lite fires sent or counted", (long) jobs * seconds, lite.byOutcome.values().stream().mapToLong(Long::longValue).sum());
        long late = ledger.received.keySet().stream().filter(fire -> fire.startsWith("max-")).count();
        verdict.equal("messages of max", max.runs.values().stream().mapToLong(Long::longValue).sum(), late);
        verdict.equal("runs by state", Set.of("success"), ledger.states().keySet());
        verdict.atMost("lateness of the latest message, ms", LATE, Scene.percentile(ledger.lateness, 1));
        verdict.atLeast("fires of max counted as missed", jobs * (longer - 31.0), max.byOutcome.getOrDefault("missed", 0L));
    }
}
