package io.natsjob.testkit;

import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A worker's sign of life, put again and again until it is closed; raw jnats. */
public final class HeartBeat implements AutoCloseable {
    private final Connection connection;
    private final String key;
    private final byte[] value;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("heart-beat").factory());

    private HeartBeat(Connection connection, String key, byte[] value) {
        this.connection = connection;
        this.key = key;
        this.value = value;
    }

    /** Puts it now and each {@code period}. NATS must be up, and the bucket there. */
    public static HeartBeat every(Duration period, String natsUrl, String namespace, String app, String worker, int weight) {
        try {
            Connection connection = Nats.connect(Options.builder().server(natsUrl).connectionName("heart-beat").errorListener(new QuietErrors()).maxReconnects(-1)
                    .reconnectWait(Duration.ofMillis(100)).reconnectBufferSize(0).build());
            JsonObject value = new JsonObject().add("id", worker).add("namespace", namespace).add("appName", app).add("ip", "127.0.0.1")
                    .add("comment", "test").add("weight", weight);
            HeartBeat beat = new HeartBeat(connection, "natsjob.heartbeat.client." + namespace + "." + app + "." + worker,
                    value.toString().getBytes(StandardCharsets.UTF_8));
            beat.clock.scheduleAtFixedRate(beat::put, 0, period.toMillis(), TimeUnit.MILLISECONDS);
            return beat;
        } catch (IOException e) {
            throw new AssertionError("cannot connect to " + natsUrl, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private void put() {
        try {
            connection.publish("$KV.natsjob-heartbeat." + key, value);
        } catch (IllegalStateException e) {
            // NATS is away: the next one counts
            return;
        }
    }

    /** Beats no more, as a worker that has died. */
    @Override
    public void close() {
        clock.shutdownNow();
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
