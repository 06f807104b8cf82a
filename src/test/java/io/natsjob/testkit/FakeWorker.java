package io.natsjob.testkit;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.Dispatcher;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import io.nats.client.PushSubscribeOptions;
import io.nats.client.api.ConsumerConfiguration;
import io.nats.client.api.DeliverPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A worker that keeps a ledger: what came, when, and which answers NATS has acknowledged. Raw jnats, knows nothing of natsjob's own code, so
 * it is an independent witness. It survives restarts of NATS: an answer without acknowledgement is put again (a repeated answer is harmless by
 * the protocol), so that "acknowledged" is exact and "not acknowledged" is at most a matter of time. Safe from any thread.
 */
public final class FakeWorker implements AutoCloseable {
    /** More messages than this and the ledger says so as a problem, instead of eating the memory of the test. */
    private static final int LEDGER_LIMIT = 2_000_000;

    /** One message: its subject, its JSON, and when it came (monotonic nanoseconds, wall-clock epoch milliseconds). */
    public record Received(String subject, JsonObject job, long nanos, long epochMillis) {
        public String taskId() {
            return job.getString("taskId", "");
        }

        public String jobName() {
            return job.getString("jobName", "");
        }
    }

    /** What to put under the result key, and how long after the message; {@code null} bytes for no answer at all. */
    public record Answer(byte[] bytes, Duration after) {
        public static Answer success() {
            return json("success", "");
        }

        public static Answer fail(String reason) {
            return json("fail", reason);
        }

        public static Answer none() {
            return new Answer(null, Duration.ZERO);
        }

        /** Any bytes, well formed or not. */
        public static Answer raw(byte[] bytes) {
            return new Answer(bytes.clone(), Duration.ZERO);
        }

        public static Answer raw(String text) {
            return raw(text.getBytes(StandardCharsets.UTF_8));
        }

        public static Answer json(String status, String reason) {
            return raw(Json.object().add("status", status).add("reason", reason).add("clientId", "fake-worker").toString());
        }

        /** The same answer, later. */
        public Answer after(Duration delay) {
            return new Answer(bytes, delay);
        }
    }

    private final Connection connection;
    private final Dispatcher dispatcher;
    private final ResultPuts puts;
    private final Queue<Received> ledger = new ConcurrentLinkedQueue<>();
    private final AtomicInteger count = new AtomicInteger();
    private final Set<String> problems = ConcurrentHashMap.newKeySet();
    private volatile Function<Received, Answer> answer = received -> Answer.success();

    private FakeWorker(Connection connection) throws IOException {
        this.connection = connection;
        this.puts = new ResultPuts(connection.jetStream(), problems);
        this.dispatcher = connection.createDispatcher();
        // A test may hold the handler for long; a message dropped on this side would look like one that was never sent.
        dispatcher.setPendingLimits(-1, -1);
    }

    /** Connects, and answers {@code success} at once until told otherwise. NATS must be up. */
    public static FakeWorker connect(String natsUrl) {
        try {
            return new FakeWorker(Nats.connect(Options.builder().server(natsUrl).connectionName("fake-worker").errorListener(new QuietErrors()).maxReconnects(-1)
                    .reconnectWait(Duration.ofMillis(100)).reconnectJitter(Duration.ofMillis(10)).connectionTimeout(Duration.ofSeconds(2))
                    .reconnectBufferSize(0).build()));
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + natsUrl, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    /** Core subscriptions in a queue group, in force when this returns. */
    public FakeWorker subscribe(String queue, String... subjects) {
        for (String subject : subjects) {
            dispatcher.subscribe(subject, queue, this::take);
        }
        return flushed();
    }

    /** Core subscriptions without a group: this worker gets every message. */
    public FakeWorker subscribeAll(String... subjects) {
        for (String subject : subjects) {
            dispatcher.subscribe(subject, this::take);
        }
        return flushed();
    }

    /** As the manual's JetStream worker: a durable push consumer with a deliver group, deliver policy new, acknowledged, then answered. */
    public FakeWorker subscribeDurable(String stream, String durable, String queue, String subject) {
        try {
            PushSubscribeOptions options = PushSubscribeOptions.builder().stream(stream).durable(durable).deliverGroup(queue)
                    .configuration(ConsumerConfiguration.builder().deliverPolicy(DeliverPolicy.New).maxAckPending(100_000).build()).build();
            JetStream js = connection.jetStream();
            js.subscribe(subject, queue, dispatcher, message -> {
                message.ack();
                take(message);
            }, false, options);
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError("cannot subscribe durably to " + subject, e);
        }
        return flushed();
    }

    private FakeWorker flushed() {
        try {
            connection.flush(Duration.ofSeconds(5));
        } catch (TimeoutException e) {
            throw new AssertionError("NATS did not confirm the subscription within 5 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        return this;
    }

    /** How to answer from now on. The function must be quick: it runs where messages are received. */
    public FakeWorker answering(Function<Received, Answer> how) {
        this.answer = how;
        return this;
    }

    private void take(Message message) {
        long nanos = System.nanoTime();
        long millis = System.currentTimeMillis();
        try {
            JsonObject job = Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject();
            Received received = new Received(message.getSubject(), job, nanos, millis);
            if (count.incrementAndGet() > LEDGER_LIMIT) {
                problems.add("more than " + LEDGER_LIMIT + " messages");
                return;
            }
            ledger.add(received);
            reply(received, answer.apply(received));
        } catch (RuntimeException e) {
            problems.add("message on " + message.getSubject() + ": " + e);
        }
    }

    private void reply(Received received, Answer reply) {
        String key = received.job().getString("jobEndKvKey", "");
        if (!key.isEmpty() && reply.bytes() != null) {
            puts.put("$KV." + received.job().getString("jobEndResultKvBucket", "") + "." + key, received.taskId(), reply);
        }
    }

    /** A copy of the ledger, in the order of arrival. */
    public List<Received> received() {
        return List.copyOf(ledger);
    }

    /** How many messages came. */
    public int count() {
        return count.get();
    }

    /** The task ids whose answer NATS has acknowledged. */
    public Set<String> acknowledged() {
        return Set.copyOf(puts.acknowledged());
    }

    /** Answers that are due or sent, and not acknowledged. */
    public int unacknowledged() {
        return puts.open();
    }

    /** What went wrong on the worker's own side; a test that counts should first see this empty. */
    public Set<String> problems() {
        return Set.copyOf(problems);
    }

    /** Goes away as a dead worker does: what was not acknowledged is not put any more. */
    @Override
    public void close() {
        puts.close();
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
