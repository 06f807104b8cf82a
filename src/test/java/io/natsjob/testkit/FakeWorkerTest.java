package io.natsjob.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class FakeWorkerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String SUBJECT = "natsjob-void.job.start.app.biz.owner";

    private NatsServer nats;
    private Connection connection;

    @BeforeEach
    void start() throws Exception {
        nats = NatsServer.create().start();
        connection = nats.connect();
        connection.keyValueManagement().create(KeyValueConfiguration.builder().name("results").build());
    }

    @AfterEach
    void stop() throws Exception {
        if (connection != null) {
            connection.close();
            nats.close();
        }
    }

    @Test
    void records_each_message_and_puts_an_answer_under_its_key() throws Exception {
        try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", SUBJECT)) {
            publish(1, 2_000);
            Eventually.awaitEqual("acknowledged answers", LIMIT, 2_000, () -> worker.acknowledged().size());
            assertEquals(2_000, worker.count());
            assertEquals(0, worker.unacknowledged());
            assertEquals("1", worker.received().getFirst().taskId());
            assertEquals("success", status("end.2000"));
            assertEquals(Set.of(), worker.problems());
        }
    }

    @Test
    void two_workers_of_a_group_share_the_messages() throws Exception {
        try (FakeWorker one = FakeWorker.connect(nats.url()).subscribe("q", SUBJECT);
                FakeWorker two = FakeWorker.connect(nats.url()).subscribe("q", SUBJECT);
                FakeWorker listener = FakeWorker.connect(nats.url()).subscribeAll("natsjob-void.>")) {
            listener.answering(received -> FakeWorker.Answer.none());
            publish(1, 200);
            Eventually.awaitEqual("messages", LIMIT, 200, () -> one.count() + two.count());
            Eventually.awaitEqual("messages seen by the listener", LIMIT, 200, listener::count);
        }
    }

    @Test
    void puts_again_what_a_dead_server_did_not_acknowledge() throws Exception {
        try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", SUBJECT)) {
            worker.answering(received -> FakeWorker.Answer.fail("late").after(Duration.ofMillis(300)));
            publish(1, 20);
            Eventually.awaitEqual("messages", LIMIT, 20, worker::count);
            nats.kill();
            nats.start();
            Eventually.awaitEqual("acknowledged answers", LIMIT, 20, () -> worker.acknowledged().size());
            assertEquals("fail", status("end.20"));
            publish(21, 21);
            Eventually.awaitEqual("messages after the restart", LIMIT, 21, worker::count);
        }
    }

    @Test
    void a_durable_worker_gets_what_the_stream_stores() throws Exception {
        connection.jetStreamManagement().addStream(
                StreamConfiguration.builder().name("s").subjects("natsjob.>").storageType(StorageType.File).build());
        try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribeDurable("s", "d", "q", "natsjob.job.start.>")) {
            connection.jetStream().publish("natsjob.job.start.app.biz.owner", message("7").toString().getBytes(StandardCharsets.UTF_8));
            Eventually.awaitEqual("acknowledged answers", LIMIT, Set.of("7"), worker::acknowledged);
        }
    }

    @Test
    void a_malformed_answer_goes_out_as_it_is_and_no_answer_not_at_all() throws Exception {
        try (FakeWorker worker = FakeWorker.connect(nats.url()).subscribe("q", SUBJECT)) {
            worker.answering(received -> received.taskId().equals("1") ? FakeWorker.Answer.raw("{oops") : FakeWorker.Answer.none());
            publish(1, 2);
            Eventually.awaitEqual("acknowledged answers", LIMIT, Set.of("1"), worker::acknowledged);
            assertEquals("{oops", connection.keyValue("results").get("end.1").getValueAsString());
            Eventually.awaitEqual("messages", LIMIT, 2, worker::count);
            assertEquals(0, worker.unacknowledged());
        }
    }

    private void publish(int first, int last) throws Exception {
        // The connection of the test may still be on its way back after a restart of the server.
        Eventually.awaitEqual("the connection", LIMIT, Connection.Status.CONNECTED, connection::getStatus);
        for (int id = first; id <= last; id++) {
            connection.publish(SUBJECT, message(Integer.toString(id)).toString().getBytes(StandardCharsets.UTF_8));
        }
        connection.flush(LIMIT);
    }

    private static JsonObject message(String taskId) {
        return Json.object().add("taskId", taskId).add("jobName", "owner").add("jobEndKvKey", "end." + taskId)
                .add("jobEndResultKvBucket", "results");
    }

    private String status(String key) throws Exception {
        return Json.parse(connection.keyValue("results").get(key).getValueAsString()).asObject().getString("status", null);
    }
}
