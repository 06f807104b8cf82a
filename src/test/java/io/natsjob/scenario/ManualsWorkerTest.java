package io.natsjob.scenario;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStreamApiException;
import io.nats.client.KeyValue;
import io.nats.client.Nats;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.HttpApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A worker as the original's manual has it, unchanged: subscribe in a queue group, put the result under the message's key. */
final class ManualsWorkerTest {
    @Test
    void code_straight_from_the_manual_works() throws Exception {
        check(Base.chosen());
    }

    static void check(Base base) throws Exception {
        Verdict verdict = new Verdict("the manual's worker, unchanged, " + base);
        ConcurrentLinkedQueue<String> messages = new ConcurrentLinkedQueue<>();
        try (Scene scene = new Scene(base); Connection nc = Nats.connect(scene.nats.url())) {
            Dispatcher dispatcher = nc.createDispatcher(msg -> {
                String payload = new String(msg.getData(), StandardCharsets.UTF_8);
                messages.add(payload);
                JsonObject job = Json.parse(payload).asObject();
                String result = "{\"status\": \"success\", \"reason\": \"赚到1个小目标\", \"monitorStatus\": \"monitor:world\", \"monitorPayload\": \"p\", \"clientId\": \"client-1\"}";
                put(nc, job, result);
            });
            dispatcher.subscribe("natsjob-void.job.start.app.biz.owner", "worker-queue");
            nc.flush(Duration.ofSeconds(2));

            HttpApi api = scene.server.login();
            String id = api.post("/natsjob/api/v1/jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", "owner")
                    .add("schedule", "@every 1s").add("args", "test")).expect(201).text("id");
            List<JsonObject> ended = Eventually.awaitValue("three successful runs", Duration.ofSeconds(20),
                    () -> api.all("/natsjob/api/v1/runs?jobId=" + id + "&state=success"), runs -> runs.size() >= 3);
            JsonObject run = ended.getLast();
            verdict.equal("reason", "赚到1个小目标", run.getString("reason", ""));
            verdict.equal("monitorStatus", "monitor:world", run.getString("monitorStatus", ""));
            verdict.equal("monitorPayload", "p", run.getString("monitorPayload", ""));
            verdict.equal("workerId", "client-1", run.getString("workerId", ""));
            JsonObject first = Json.parse(messages.peek()).asObject();
            verdict.equal("jobEndKvKey", "natsjob.job.end.app.biz.owner." + first.getString("taskId", ""), first.getString("jobEndKvKey", ""));
            verdict.equal("jobEndResultKvBucket", "natsjob-job-results", first.getString("jobEndResultKvBucket", ""));
            verdict.equal("jobArgs", "test", first.getString("jobArgs", ""));
        }
        verdict.done();
    }

    private static void put(Connection nc, JsonObject job, String result) {
        try {
            KeyValue kv = nc.keyValue(job.getString("jobEndResultKvBucket", ""));
            kv.put(job.getString("jobEndKvKey", ""), result);
        } catch (IOException | JetStreamApiException e) {
            throw new IllegalStateException(e);
        }
    }
}
