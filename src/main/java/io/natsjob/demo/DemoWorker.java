package io.natsjob.demo;

import static java.util.concurrent.TimeUnit.SECONDS;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.ErrorListener;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A whole worker: it takes the jobs of one subject, together with all workers of its queue, and answers {@code success}. It waits for NATS and
 * reconnects for ever. A worker may die after its work and before its answer, so real work should be idempotent on {@code taskId}.
 */
public final class DemoWorker {
    private static final String ID = "demo-" + ProcessHandle.current().pid();
    private static final int PUT_TRIES = 30;

    private DemoWorker() {}

    /** {@code [subject [queue]]}; the address of NATS is the environment's {@code NATSJOB_NATS_URL}. Returns never. */
    public static void main(String[] args) throws InterruptedException {
        String url = System.getenv().getOrDefault("NATSJOB_NATS_URL", "nats://127.0.0.1:4222");
        String subject = args.length > 0 ? args[0] : "natsjob-void.job.start.app.biz.owner";
        String queue = args.length > 1 ? args[1] : "worker-queue";
        AtomicReference<Dispatcher> jobs = new AtomicReference<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(jobs.get())));
        while (true) {
            try {
                Connection nats = Nats.connectReconnectOnConnect(options(url)); // returns when NATS is there, however long that takes
                jobs.set(nats.createDispatcher(message -> work(nats, message)).subscribe(subject, queue));
                say("waiting for jobs on " + subject + " in queue " + queue);
                while (nats.getStatus() != Connection.Status.CLOSED) {
                    SECONDS.sleep(1);
                }
            } catch (IOException | IllegalStateException e) {
                say("cannot connect to NATS: " + e.getMessage());
            }
            SECONDS.sleep(1); // jnats gives up for good when a login is refused twice; then we begin anew
        }
    }

    private static Options options(String url) {
        AtomicReference<Object> last = new AtomicReference<>();
        return Options.builder().server(url).connectionName(ID).maxReconnects(-1).reconnectWait(Duration.ofSeconds(1))
                .pingInterval(Duration.ofSeconds(5)) // a dead link is noticed in 15 s, not in 6 minutes
                .connectionListener((nats, event) -> {
                    if (last.getAndSet(event) != event) { // "disconnected" comes with every try
                        say(event.toString());
                    }
                }).errorListener(new ErrorListener() {
                    @Override
                    public void errorOccurred(Connection nats, String error) {
                        say("NATS says: " + error); // such as a missing permission
                    }
                }).build();
    }

    private static void work(Connection nats, Message message) {
        try {
            JsonObject job = Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject();
            say("job " + job.getString("jobName", "") + ", taskId " + job.getString("taskId", "") + ", args '" + job.getString("jobArgs", "") + "'");
            answer(nats, job, Json.object().add("status", "success").add("reason", "done by " + ID).add("clientId", ID));
        } catch (RuntimeException e) {
            say("not a job, ignored: " + e); // one bad message must not end the worker
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(Connection nats, JsonObject job, JsonObject result) throws InterruptedException {
        String key = job.getString("jobEndKvKey", "");
        for (int i = 1; i <= PUT_TRIES && !key.isEmpty(); i++) { // an empty key: nobody waits for an answer
            try {
                nats.keyValue(job.getString("jobEndResultKvBucket", "")).put(key, result.toString());
                return;
            } catch (IOException | JetStreamApiException | IllegalStateException e) {
                say("answer to " + job.getString("taskId", "") + " is not stored, try " + i + " of " + PUT_TRIES + ": " + e.getMessage());
                SECONDS.sleep(1);
            }
        }
    }

    /** On SIGTERM and Ctrl-C: takes no more jobs, and finishes the ones it has, for at most 10 s. */
    private static void finish(Dispatcher jobs) {
        try {
            if (jobs != null) {
                jobs.drain(Duration.ofSeconds(10)).get(11, SECONDS);
            }
        } catch (Exception e) {
            say("stopped with jobs unfinished: " + e);
        }
    }

    private static void say(String text) {
        System.out.println("worker: " + text);
    }
}
