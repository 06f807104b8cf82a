package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.PublishOptions;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * JetStream has no room, in the stream of jobs alone or at all: that is told, all fires are counted, answers wait at their worker, and all drains when there is
 * room. Where the stream alone is full memory subjects go on; where all is full the lease cannot be renewed either, and nothing fires.
 */
@Tag("slow")
final class JetStreamFullTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    private static final int STORE_MEGABYTES = 48;
    private static final String HOG = "hog";

    static Stream<Arguments> places() {
        return NatsServer.binaries().flatMap(binary -> Stream.of(Arguments.of(binary, true), Arguments.of(binary, false)));
    }

    @ParameterizedTest
    @MethodSource("places")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_full_jetstream_is_told_and_counted_and_all_drains_when_there_is_room(Path binary, boolean streamAlone) throws Exception {
        int jobs = Scene.size("verify.jobs", 20);
        int outage = Scene.size("verify.outage", 8);
        int seconds = outage + 18;
        Verdict verdict = new Verdict((streamAlone ? "the stream of jobs" : "all of JetStream") + " full for " + outage + " s under load, " + jobs + " jobs each on memory and stored subjects");
        NatsServer nats = NatsServer.create().binary(binary).jetStreamConfig("max_file_store: " + STORE_MEGABYTES + "MB");
        try (Scene scene = Scene.on(nats, DatabaseOfScene.create(Base.SQLITE)).worker("memory"); Connection other = nats.connect();
                FakeWorker stored = FakeWorker.connect(nats.url()).subscribeDurable("natsjob", "witness", "worker-queue", "natsjob.job.start.app.biz.*")) {
            // Runs stay open while their answers are refused.
            JsonObject max = new JsonObject().add("model", "max").add("misfire", "skip").add("maxConcurrency", 100);
            scene.everySecond(jobs, seconds, Map.of("memory", max, "stored", new JsonObject().merge(max).add("subjectModel", "jetStream")));
            HttpApi api = scene.server.login();
            Scene.until(scene.from + 3_300);
            if (streamAlone) {
                limit(other, 1, DiscardPolicy.New);
            } else {
                fill(other);
            }
            long down = System.currentTimeMillis();
            Eventually.awaitEqual("readyz", Duration.ofSeconds(10), "full", () -> api.get("/readyz").text("jetStream"));
            verdict.equal("readyz's status meanwhile", 200, api.get("/readyz").status());
            verdict.equal("jetstream-full meanwhile", true, Readiness.problems(api).contains("jetstream-full"));
            Scene.until(down + outage * 1_000L);
            verdict.equal("readyz at the end", "full", api.get("/readyz").text("jetStream"));
            if (streamAlone) {
                limit(other, STORE_MEGABYTES << 18, DiscardPolicy.Old);
            } else {
                other.jetStreamManagement().deleteStream(HOG);
            }
            Eventually.awaitEqual("readyz", Duration.ofSeconds(10), "available", () -> api.get("/readyz").text("jetStream"));
            Scene.until(scene.to + 1_500);
            Eventually.awaitEqual("open runs", Duration.ofSeconds(60), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
            verdict.equal("problems afterwards", List.of("default-password"), Readiness.problems(api));
            verdict.equal("exit status of a clean stop", 0, scene.server.stop());
            verdict.equal("problems of the workers", Set.of(), stored.problems());
            judge(verdict, scene, jobs, seconds, streamAlone ? outage : 0);
        }
        verdict.done();
    }

    private static void limit(Connection other, long bytes, DiscardPolicy discard) throws Exception {
        JetStreamManagement management = other.jetStreamManagement();
        management.updateStream(StreamConfiguration.builder(management.getStreamInfo("natsjob").getConfiguration()).maxBytes(bytes).discardPolicy(discard).build());
    }

    /** Until JetStream takes no more. */
    private static void fill(Connection other) throws Exception {
        JetStreamManagement management = other.jetStreamManagement();
        management.addStream(StreamConfiguration.builder().name(HOG).subjects(HOG).storageType(StorageType.File).build());
        PublishOptions options = PublishOptions.builder().expectedStream(HOG).build();
        try {
            for (int block = 1_000_000; block >= 100; block /= 10) {
                fill(other, new byte[block], options);
            }
        } catch (JetStreamApiException e) {
            throw new AssertionError("not refused for its size", e);
        }
    }

    private static void fill(Connection other, byte[] block, PublishOptions options) throws Exception {
        for (int i = 0; i < 2 * STORE_MEGABYTES; i++) {
            try {
                other.jetStream().publish(HOG, block, options);
            } catch (JetStreamApiException full) {
                return;
            }
        }
    }

    /** @param outage seconds in which the stream alone was full, or 0 */
    private static void judge(Verdict verdict, Scene scene, int jobs, int seconds, int outage) {
        Ledger ledger = scene.ledger(RUN_OUTCOMES);
        Counted memory = Counted.of(scene, "memory");
        Counted stored = Counted.of(scene, "stored");
        verdict.told("counted of memory subjects", memory.byOutcome);
        verdict.told("counted of stored subjects", stored.byOutcome);
        verdict.equal("problems of the worker", "[]", scene.worker.problems());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("jobs on stored subjects whose runs and skips are not all seconds", 0, stored.wrong(jobs, seconds));
        verdict.equal("jobs on memory subjects whose runs and skips are not all seconds", 0, memory.wrong(jobs, seconds));
        if (outage > 0) {
            verdict.equal("reasons of skips on stored subjects", Set.of("refused"), stored.reasons());
            verdict.atLeast("of them refused", jobs * (outage - 2.0), stored.byOutcome.getOrDefault("refused", 0L));
            verdict.equal("counted of memory subjects", Map.of("success", (long) jobs * seconds), memory.byOutcome);
        } else {
            verdict.equal("reasons of skips on stored subjects", List.of("no-leader", "refused"), stored.reasons());
            verdict.equal("reasons of skips on memory subjects", Set.of("no-leader"), memory.reasons());
        }
        verdict.equal("acknowledged results that are not in the database", Set.of(), ledger.lost(scene.worker.acknowledged()));
    }
}
