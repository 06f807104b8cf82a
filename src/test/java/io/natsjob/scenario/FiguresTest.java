package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.FakeWorker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The figures of docs/performance.md: jar, memory, time from the start to the first fire. Told, and judged loosely. */
@Tag("load")
final class FiguresTest {
    private static final int STARTS = 5;

    @Test
    @Timeout(value = 6, unit = TimeUnit.MINUTES)
    void jar_memory_and_start() throws Exception {
        Verdict verdict = new Verdict("figures");
        verdict.atMost("jar, MB", 12.0, Files.size(Path.of(System.getProperty("natsjob.jar"))) / 1e6);
        try (Scene scene = new Scene().worker("memory")) {
            scene.server.stop();
            List<Long> ready = new ArrayList<>();
            List<Long> fired = new ArrayList<>();
            scene.server.start();
            HttpApi api = scene.server.login();
            api.post("/natsjob/api/v1/jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", "first-fire").add("schedule", "* * * * * *")).expect(201);
            for (int i = 0; i < STARTS; i++) {
                scene.server.stop();
                start(scene, i, ready, fired);
            }
            verdict.told("start of the process to /readyz, ms", ready);
            verdict.told("start of the process to the first fire, which comes on a whole second, ms", fired);
            scene.server.stop();
            scene.server.start();
            Scene.pass(20_000);
            verdict.told("resident memory with one job a second, MiB", scene.server.rssKib() / 1_024);
            scene.everySecond(200, 40, new JsonObject().add("model", "max"));
            Scene.until(scene.to);
            verdict.told("resident memory at 200 fires and results a second, MiB", scene.server.rssKib() / 1_024);
            verdict.atMost("resident memory at 200 fires and results a second, MiB", 160, scene.server.rssKib() / 1_024.0);
        }
        verdict.done();
    }

    private static void start(Scene scene, int round, List<Long> ready, List<Long> fired) {
        FakeWorker worker = scene.worker;
        int before = worker.received().size();
        // Spread over the second, since the first fire waits for a whole one.
        Scene.until((System.currentTimeMillis() / 1_000 + 1) * 1_000 + round * 200L);
        long began = System.currentTimeMillis();
        scene.server.start();
        ready.add(System.currentTimeMillis() - began);
        Eventually.await("the first fire", Duration.ofSeconds(20), () -> worker.received().size() > before);
        fired.add(worker.received().get(before).epochMillis() - began);
    }
}
