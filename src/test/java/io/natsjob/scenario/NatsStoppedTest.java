package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** NATS is stopped under load and started again: nothing old is sent, the skips are counted, everything goes on by itself. */
final class NatsStoppedTest {
    private static final int TIMEOUT_SECONDS = 8;
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    /** Milliseconds behind its second at which a message is a late burst. */
    private static final long LATE = 4_000;

    @ParameterizedTest
    @ValueSource(strings = {"max", "lite"})
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_stop_of_nats_is_counted_and_survived(String model) {
        check(Base.chosen(), model);
    }

    static void check(Base base, String model) {
        int jobs = Scene.size("verify.jobs", 50);
        int outage = Scene.size("verify.outage", 5);
        int seconds = outage + 15;
        Verdict verdict = new Verdict("NATS stopped for " + outage + " s under load, " + model + ", " + jobs + " jobs, " + base);
        try (Scene scene = new Scene(base).worker("memory")) {
            List<String> ids = scene.everySecond(jobs, seconds, new JsonObject().add("model", model).add("misfire", "skip").add("timeoutSeconds", TIMEOUT_SECONDS));
            Scene.until(scene.from + 4_300);
            long pid = scene.server.pid();
            scene.nats.stop();
            long down = System.currentTimeMillis();
            Scene.until(down + outage * 1_000L);
            scene.nats.restart();
            long up = System.currentTimeMillis();
            Scene.until(scene.to + 1_500);
            var api = scene.server.login();
            Eventually.awaitEqual("open runs", Duration.ofSeconds(TIMEOUT_SECONDS + 20), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("same process", pid, scene.server.pid());
            verdict.equal("skips of the first job, by the API", true, api.get("/natsjob/api/v1/jobs/" + ids.getFirst() + "/tallies").expect(200).text().contains("nats-down"));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            String outcomes = model.equals("lite") ? RUN_OUTCOMES.replace(",'sent'", "") : RUN_OUTCOMES;
            Ledger ledger = scene.ledger(outcomes);
            verdict.told("fires due", jobs * seconds);
            verdict.told("messages received", scene.worker.count());
            verdict.told("runs by state", ledger.states());
            verdict.told("counted", ledger.tallies);
            verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
            verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
            verdict.atMost("lateness of the latest message, ms", LATE, Scene.percentile(ledger.lateness, 1));
            verdict.equal("runs + counted, of all (job, second)", jobs * seconds, ledger.runs.size() + ledger.skipped());
            verdict.atLeast("fires counted as nats-down", (outage - 2.0) * jobs, ledger.tallies.getOrDefault("nats-down", 0L));
            verdict.atLeast("messages after the outage", 2.0 * jobs, messagesSince(scene, up));
        }
        verdict.done();
    }

    private static long messagesSince(Scene scene, long millis) {
        return scene.worker.received().stream().filter(message -> message.epochMillis() > millis).count();
    }
}
