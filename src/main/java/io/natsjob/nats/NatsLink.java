package io.natsjob.nats;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The connection for reading and for requests to JetStream. It is made and made again in the background for ever: NATS may
 * be down at the start, refuse the login or run without JetStream; {@link #state()} says so. Jobs are not published here,
 * see {@link PublishLink}.
 */
public final class NatsLink implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    /** A dead connection is found after two pings without an answer: four to six seconds. */
    private static final Dial.Settings SETTINGS = new Dial.Settings("control", Duration.ofSeconds(2), 2, false);

    private final Redial redial;
    private final StorageRoom room;
    private final List<Runnable> onConnected = new CopyOnWriteArrayList<>();
    private final ExecutorService callbacks = Executors.newSingleThreadExecutor(Thread.ofVirtual().name("nats-connected").factory());

    public NatsLink(NatsOptions options, Clock clock) {
        this.room = new StorageRoom(clock);
        this.redial = new Redial(options, SETTINGS, clock, new Redial.Listener() {
            @Override
            public void up(Live live) {
                callAll(live);
            }

            @Override
            public void down(Live live) {
                // readers and requests see it by themselves
            }
        });
    }

    /** Starts to dial in the background; never waits. A second call does nothing. */
    public void start() {
        redial.start();
    }

    public boolean connected() {
        return redial.live() != null;
    }

    public NatsState state() {
        return redial.state();
    }

    /** Errors that NATS reported outside any call since the start. */
    public long asyncErrors() {
        return redial.errors().count();
    }

    /**
     * Runs {@code task} after each connection from now on, one at a time, on a thread of the link's own; it may wait. What it
     * throws is logged. Register before {@link #start()} to miss none.
     */
    public void onConnected(Runnable task) {
        onConnected.add(task);
    }

    /** Whether the buckets had room for what was put over this connection last, as this server's heartbeat every few seconds. */
    public StorageRoom room() {
        return room;
    }

    Live live() {
        return redial.live();
    }

    private void callAll(Live live) {
        try {
            callbacks.execute(() -> onConnected.forEach(task -> call(live, task)));
        } catch (RejectedExecutionException e) {
            LOG.debug("connected while closing");
        }
    }

    private static void call(Live live, Runnable task) {
        if (!live.connected()) {
            // cut since: the next connection calls again
            return;
        }
        try {
            task.run();
        } catch (RuntimeException e) {
            LOG.error("what was to be done after connecting to NATS failed", e);
        }
    }

    /** Waits at most a few seconds. */
    @Override
    public void close() {
        callbacks.shutdownNow();
        redial.close();
    }
}
