package io.natsjob.nats;

import io.natsjob.log.Log;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Reads for ever on a virtual thread of its own: one session after the other, with a pause that grows while they fail. */
final class ReadLoop implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    private static final long FIRST_PAUSE_MS = 50;
    private static final long MAX_PAUSE_MS = 1_000;
    private static final long STOP_MS = 5_000;

    /** From the making of one consumer to its end. */
    interface Session {
        /** Answers whether it came to life, so that the next one is tried soon. What it throws ends the reading. */
        boolean read(Live live) throws InterruptedException;
    }

    private final String name;
    private final NatsLink link;
    private final Session session;
    private final Thread thread;
    private final AtomicBoolean started = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);

    ReadLoop(String name, NatsLink link, Session session) {
        this.name = name;
        this.link = link;
        this.session = session;
        this.thread = Thread.ofVirtual().name("nats-reader-" + name).unstarted(this::run);
    }

    /** A second call does nothing. */
    void start() {
        if (started.compareAndSet(false, true)) {
            thread.start();
        }
    }

    boolean closed() {
        return closed.getCount() == 0;
    }

    private void run() {
        long pause = FIRST_PAUSE_MS;
        try {
            while (!closed()) {
                Live live = link.live();
                if (live == null || session.read(live)) {
                    pause = FIRST_PAUSE_MS;
                } else {
                    pause = Math.min(2 * pause, MAX_PAUSE_MS);
                }
                closed.await(pause, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            // only close() interrupts
            LOG.debug("reading stopped", "reader", name);
        }
    }

    /** Interrupts the session at once. Waits at most five seconds. */
    @Override
    public void close() {
        close(0);
    }

    /** Lets the session end by itself for {@code milliseconds}, then interrupts it. Waits at most five seconds more. */
    void close(long milliseconds) {
        closed.countDown();
        try {
            if (started.get() && !(milliseconds > 0 && thread.join(Duration.ofMillis(milliseconds)))) {
                thread.interrupt();
                thread.join(STOP_MS);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}
