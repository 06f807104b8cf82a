package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The server is killed at a random moment under load and started again, several times: nothing doubled, nothing lost, nothing unexplained. */
final class KilledUnderLoadTest {
    private static final int TIMEOUT_SECONDS = 8;
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";

    @ParameterizedTest
    @ValueSource(strings = {"memory", "jetStream"})
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void kill_9_under_load_loses_and_doubles_nothing(String subjectModel) {
        check(Base.chosen(), subjectModel, Scene.size("verify.kills", 2));
    }

    static void check(Base base, String subjectModel, int kills) {
        int jobs = Scene.size("verify.jobs", 50);
        int seconds = kills * 6 + 6;
        long seed = Long.getLong("verify.seed", System.nanoTime());
        Verdict verdict = new Verdict("kill -9 x " + kills + " under load, " + subjectModel + ", " + jobs + " jobs, " + base);
        verdict.told("seed (verify.seed)", seed);
        Random random = new Random(seed);
        try (Scene scene = new Scene(base).worker(subjectModel)) {
            scene.everySecond(jobs, seconds, new JsonObject().add("model", "max").add("subjectModel", subjectModel).add("misfire", "skip")
                    .add("timeoutSeconds", TIMEOUT_SECONDS));
            Scene.until(scene.from + 2_000);
            for (int i = 0; i < kills; i++) {
                Scene.pass(2_000 + random.nextInt(1_000));
                scene.server.kill9();
                Scene.pass(random.nextInt(1_500));
                scene.server.start();
            }
            Scene.until(scene.to + 1_000);
            Eventually.awaitEqual("answers under way", Duration.ofSeconds(20), 0, () -> scene.worker.unacknowledged());
            awaitNothingOpen(scene);
            Set<String> acknowledged = scene.worker.acknowledged();
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            Ledger ledger = scene.ledger(RUN_OUTCOMES);
            verdict.equal("problems of the worker", "[]", scene.worker.problems());
            verdict.told("fires due", jobs * seconds);
            verdict.told("messages received", scene.worker.count());
            verdict.told("runs by state", ledger.states());
            verdict.told("skips counted", ledger.tallies);
            verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
            verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
            verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(acknowledged));
            verdict.equal("runs + skips, of all (job, second)", jobs * seconds, ledger.runs.size() + ledger.skipped());
            verdict.equal("runs left open", 0L, ledger.states().getOrDefault("running", 0L));
            verdict.atLeast("share of the fires that ran", 0.3, ledger.states().getOrDefault("success", 0L) / (double) (jobs * seconds));
        }
        verdict.done();
    }

    private static void awaitNothingOpen(Scene scene) {
        var api = scene.server.login();
        Eventually.awaitEqual("open runs", Duration.ofSeconds(TIMEOUT_SECONDS + 20), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
    }
}
