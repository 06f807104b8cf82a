package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that are due every second: each (job, second) is received once, recorded once, and ends as success. */
final class EverySecondOnceTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void each_job_runs_once_in_each_second(String subjectModel) {
        check(Base.chosen(), subjectModel);
    }

    static void check(Base base, String subjectModel) {
        int jobs = Scene.size("verify.jobs", 20);
        int seconds = Scene.size("verify.seconds", 5);
        int fires = jobs * seconds;
        Verdict verdict = new Verdict("each (job, second) exactly once, " + subjectModel + ", " + jobs + " jobs, " + seconds + " s, " + base);
        try (Scene scene = new Scene(base).worker(subjectModel)) {
            scene.everySecond(jobs, seconds, new JsonObject().add("model", "max").add("subjectModel", subjectModel));
            Scene.until(scene.to + 1_000);
            Eventually.awaitEqual("all answers acknowledged", Duration.ofSeconds(30), fires, () -> scene.worker.acknowledged().size());
            verdict.told("resident memory under load", scene.server.rssKib() / 1_024 + " MiB");
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            Ledger ledger = scene.ledger(RUN_OUTCOMES);
            verdict.equal("problems of the worker", "[]", scene.worker.problems());
            verdict.equal("messages received", fires, scene.worker.count());
            verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
            verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
            verdict.equal("runs by state", Map.of("success", (long) fires), ledger.states());
            verdict.equal("skips counted", "{}", ledger.tallies);
            verdict.told("lateness at the worker, ms", "p50 " + Scene.percentile(ledger.lateness, 0.5) + ", p99 " + Scene.percentile(ledger.lateness, 0.99)
                    + ", max " + Scene.percentile(ledger.lateness, 1));
        }
        verdict.done();
    }
}
