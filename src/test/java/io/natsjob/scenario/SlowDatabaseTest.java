package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
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

/** Each packet to and from the database is late: the lateness of messages at the worker stays what it was. */
@Tag("database")
final class SlowDatabaseTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    /** Times as late as before, and so much more, may be the machine's. */
    private static final double RATIO = 2;
    private static final long NOISE_MILLIS = 50;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_slow_database_delays_no_fire() {
        check(Base.chosenServer());
    }

    static void check(Base base) {
        int jobs = Scene.size("verify.jobs", 20);
        int phase = Scene.size("verify.phase", 8);
        int slow = Scene.size("verify.delay", 30);
        int slower = Scene.size("verify.longDelay", 150);
        int seconds = 3 * phase;
        Verdict verdict = new Verdict("database " + slow + " and " + slower + " ms late each way, " + jobs + " max and " + jobs + " lite jobs, " + base);
        try (Scene scene = Scene.throughProxy(base).worker("memory")) {
            scene.everySecond(jobs, seconds, Map.of("max", new JsonObject().add("model", "max").add("misfire", "skip").add("maxConcurrency", 100),
                    "lite", new JsonObject().add("model", "lite")));
            HttpApi api = scene.server.login();
            long second = scene.from + phase * 1_000L;
            long third = second + phase * 1_000L;
            Scene.until(second - 900);
            scene.proxy().delay(slow);
            Scene.until(third - 900);
            scene.proxy().delay(slower);
            Scene.until(scene.to + 3_000);
            scene.proxy().delay(0);
            Eventually.awaitEqual("open runs", Duration.ofSeconds(20), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            for (String kind : List.of("max", "lite")) {
                long fast = late(scene, kind, scene.from, second);
                verdict.told(kind + ", not late: p99 at the worker, ms", fast);
                verdict.atMost(kind + ", " + slow + " ms late: p99 at the worker, ms", RATIO * fast + NOISE_MILLIS, late(scene, kind, second, third));
            }
            verdict.atMost("lite, " + slower + " ms late: p99 at the worker, ms", RATIO * late(scene, "lite", scene.from, second) + NOISE_MILLIS,
                    late(scene, "lite", third, Long.MAX_VALUE));
            // Where a claim takes longer than a second, the next one comes late: nothing is lost, and nothing sent over 30 s late.
            verdict.told("max, " + slower + " ms late: p99 at the worker, ms", late(scene, "max", third, Long.MAX_VALUE));
            judge(verdict, scene, jobs, seconds);
        }
        verdict.done();
    }

    /** The 99th part in a hundred of those due from {@code from} to before {@code to}. */
    private static long late(Scene scene, String kind, long from, long to) {
        List<Long> late = scene.worker.received().stream().filter(message -> message.jobName().startsWith(kind + "-")).map(SlowDatabaseTest::times)
                .filter(times -> times[0] >= from && times[0] < to).map(times -> times[1] - times[0]).sorted().toList();
        return Scene.percentile(late, 0.99);
    }

    private static long[] times(FakeWorker.Received message) {
        return new long[] {Ledger.scheduled(message.job()), message.epochMillis()};
    }

    private static void judge(Verdict verdict, Scene scene, int jobs, int seconds) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        Counted max = Counted.of(scene, "max");
        verdict.told("counted of max", max.byOutcome);
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("max jobs whose runs and skips are not all seconds", 0, max.wrong(jobs, seconds));
        verdict.equal("skips of max", Map.of(), max.skips);
        verdict.equal("counted of lite", Map.of("sent", (long) jobs * seconds), Counted.of(scene, "lite").byOutcome);
        verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(scene.worker.acknowledged()));
    }
}
