package io.natsjob.dispatch;

import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.nats.Ack;
import io.natsjob.nats.LinkDownException;
import io.natsjob.nats.PublishLink;
import io.natsjob.nats.PublishRefused;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Publishes on JetStream subjects with a window of acknowledgements in flight, on a thread of its own, so that a slow stream
 * delays no memory subject. A message whose acknowledgement is lost goes out again under the same id while the stream surely
 * still knows it; later, its outcome stays unknown and its run is left to its deadline (docs/rules.md 16 and 17).
 */
public final class JetStreamLane implements AutoCloseable {
    /** Messages without acknowledgement yet. */
    static final int WINDOW = 1_000;
    /** Messages waiting for the window; more are refused as {@code nats-down}. */
    static final int QUEUED = 100_000;
    /** Kept clear of the duplicate window's end, for the way to the server and back. */
    static final long WINDOW_MARGIN_MILLIS = 30_000;
    private static final long RETRY_MILLIS = 500;
    private static final Log LOG = Log.of("dispatch");

    private record Again(Outgoing message, long notBefore) {}

    private final PublishLink link;
    private final OpenRuns open;
    private final SteadyTime time;
    private final LongSupplier duplicateWindowMillis;
    private final Loop loop = Loop.onPlatformThread("jetstream-lane", this::turn);
    private final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUED);
    private final ConcurrentLinkedQueue<Again> again = new ConcurrentLinkedQueue<>();
    private final Semaphore window = new Semaphore(WINDOW);
    /** Accepted and not decided yet. */
    private final AtomicInteger undecided = new AtomicInteger();

    /** @param duplicateWindowMillis the stream's actual window, whoever made it */
    public JetStreamLane(PublishLink link, OpenRuns open, SteadyTime time, LongSupplier duplicateWindowMillis) {
        this.link = link;
        this.open = open;
        this.time = time;
        this.duplicateWindowMillis = duplicateWindowMillis;
    }

    public void start() {
        loop.start();
    }

    void offer(Outgoing message) {
        undecided.incrementAndGet();
        if (queue.offer(message)) {
            loop.wake();
        } else {
            refused(message, SkipReason.NATS_DOWN);
        }
    }

    /** Publishes a message that may have been stored before: a claim taken over from a former leader. */
    void resend(Outgoing message) {
        undecided.incrementAndGet();
        again.add(new Again(message, 0));
        loop.wake();
    }

    /** Awaits the acknowledgements in flight for up to {@code limit}, then ends. */
    public void close(Duration limit) {
        long until = time.millis() + limit.toMillis();
        try {
            while (undecided.get() > 0 && time.millis() < until && link.connected()) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private long turn() throws InterruptedException {
        Again repeated = again.peek();
        if (repeated != null && repeated.notBefore <= time.millis() && link.connected()) {
            again.remove(repeated);
            repeat(repeated.message);
            return 0;
        }
        Outgoing message = queue.poll();
        if (message != null) {
            first(message);
            return 0;
        }
        return again.isEmpty() ? TimeUnit.HOURS.toNanos(1) : TimeUnit.MILLISECONDS.toNanos(RETRY_MILLIS / 2);
    }

    private void first(Outgoing message) throws InterruptedException {
        if (!window.tryAcquire(1, TimeUnit.SECONDS)) {
            refused(message, SkipReason.NATS_DOWN);
            return;
        }
        try {
            await(message, true, link.publishStored(message.subject(), message.messageId(), message.payload()));
        } catch (LinkDownException e) {
            window.release();
            refused(message, SkipReason.NATS_DOWN);
        }
    }

    private void repeat(Outgoing message) throws InterruptedException {
        if (!repeatable(message) || !window.tryAcquire(1, TimeUnit.SECONDS)) {
            unknown(message);
            return;
        }
        try {
            await(message, false, link.publishStored(message.subject(), message.messageId(), message.payload()));
        } catch (LinkDownException e) {
            window.release();
            unknown(message);
        }
    }

    /** @param first no earlier try can have been stored, so a refusal means not sent */
    private void await(Outgoing message, boolean first, CompletableFuture<Ack> answer) {
        answer.whenComplete((ack, failure) -> {
            window.release();
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause == null) {
                sent(message);
            } else if (cause instanceof PublishRefused refusal && first) {
                LOG.warn("JetStream refused a message", "subject", message.subject(), "why", refusal.getMessage());
                refused(message, SkipReason.REFUSED);
            } else {
                unknown(message);
            }
        });
    }

    private void sent(Outgoing message) {
        message.outcome().sent(message.fire());
        undecided.decrementAndGet();
    }

    private void refused(Outgoing message, SkipReason reason) {
        if (message.run() != null && !message.fire().takenOver()) {
            open.forget(message.run());
        }
        message.outcome().refused(message.fire(), reason);
        undecided.decrementAndGet();
    }

    private void unknown(Outgoing message) {
        if (repeatable(message)) {
            again.add(new Again(message, time.millis() + RETRY_MILLIS));
            loop.wake();
            return;
        }
        if (message.run() != null) {
            message.run().doubt(SkipReason.UNCONFIRMED);
        }
        message.outcome().unconfirmed(message.fire());
        undecided.decrementAndGet();
    }

    /** Young enough that the stream would drop the copy, and its answer could still come in time. */
    private boolean repeatable(Outgoing message) {
        long now = time.millis();
        boolean known = now - message.sentAt() < duplicateWindowMillis.getAsLong() - WINDOW_MARGIN_MILLIS;
        return known && (message.run() == null || now < message.run().deadlineAt());
    }
}
