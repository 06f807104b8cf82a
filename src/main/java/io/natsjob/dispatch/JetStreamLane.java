package io.natsjob.dispatch;

import io.natsjob.job.Fire;
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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
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
    private final BooleanSupplier leading;
    private final MinuteWarning refusals;
    private final MinuteWarning unsendable;
    private final Loop loop = Loop.onPlatformThread("jetstream-lane", this::turn);
    private final BlockingQueue<Outgoing> queue = new ArrayBlockingQueue<>(QUEUED);
    private final ConcurrentLinkedQueue<Again> again = new ConcurrentLinkedQueue<>();
    private final Semaphore window = new Semaphore(WINDOW);
    /** Accepted and not decided yet. */
    private final AtomicInteger undecided = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition progress = lock.newCondition();
    private volatile boolean closing;

    /**
     * @param duplicateWindowMillis the stream's actual window, whoever made it
     * @param leading               asked right before each publish
     */
    public JetStreamLane(PublishLink link, OpenRuns open, SteadyTime time, LongSupplier duplicateWindowMillis, BooleanSupplier leading) {
        this.link = link;
        this.open = open;
        this.time = time;
        this.duplicateWindowMillis = duplicateWindowMillis;
        this.leading = leading;
        this.refusals = new MinuteWarning(time, "JetStream refused a message");
        this.unsendable = new MinuteWarning(time, "a message cannot be sent");
    }

    public void start() {
        loop.start();
    }

    void offer(Outgoing message) {
        undecided.incrementAndGet();
        if (closing) {
            refused(message, SkipReason.NO_LEADER);
        } else if (queue.offer(message)) {
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

    /**
     * Publishes what was accepted, awaits the acknowledgements for up to {@code limit}, and ends. What is left undecided, or can
     * only be repeated when NATS or the lease is back, is the next leader's to judge.
     */
    public void close(Duration limit) {
        closing = true;
        lock.lock();
        try {
            long left = limit.toNanos();
            while (left > 0 && undecided.get() > (link.connected() && leading.getAsBoolean() ? 0 : again.size())) {
                left = progress.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        loop.close();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    /** Messages whose outcome is unknown and that are to go out again. */
    int waitingForRepetition() {
        return again.size();
    }

    /** Publishes one message, a repetition that is due before a new one. */
    long turn() throws InterruptedException {
        Again repeated = again.peek();
        if (repeated != null && (!repeatable(repeated.message) || repeated.notBefore <= time.millis() && link.connected() && leading.getAsBoolean())) {
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
        if (time.millis() > message.dueAt() + Fire.MAX_LATE_MILLIS) {
            refused(message, SkipReason.MISSED);
        } else if (!window.tryAcquire(1, TimeUnit.SECONDS)) {
            refused(message, SkipReason.NATS_DOWN);
        } else {
            // Asked after the wait for the window, so that nothing lies between this and the publish.
            SkipReason unsent = leading.getAsBoolean() ? publish(message, true) : unheld();
            if (unsent != null) {
                refused(message, unsent);
            }
        }
    }

    private void repeat(Outgoing message) throws InterruptedException {
        if (!repeatable(message) || !window.tryAcquire(1, TimeUnit.SECONDS) || (leading.getAsBoolean() ? publish(message, false) : unheld()) != null) {
            unknown(message);
        }
    }

    /** The lease passed while the message waited for the window. */
    private SkipReason unheld() {
        window.release();
        return SkipReason.NO_LEADER;
    }

    /**
     * Publishes within the window.
     *
     * @param first no earlier try can have been stored, so a refusal means not sent
     * @return why it was not sent, with its place in the window given back, or null
     */
    private SkipReason publish(Outgoing message, boolean first) {
        CompletableFuture<Ack> answer;
        try {
            answer = link.publishStored(message.subject(), message.id(), message.payload());
        } catch (LinkDownException e) {
            window.release();
            return SkipReason.NATS_DOWN;
        } catch (IllegalArgumentException e) {
            window.release();
            unsendable.count("job", message.fire().job().path(), "bytes", message.payload().length, "why", e.getMessage());
            return SkipReason.REFUSED;
        }
        answer.handle((ack, failure) -> {
            window.release();
            answered(message, first, failure instanceof CompletionException ? failure.getCause() : failure);
            return null;
        }).exceptionally(e -> {
            LOG.error("an acknowledgement could not be noted", e, "run", message.fire().runId());
            return null;
        });
        return null;
    }

    private void answered(Outgoing message, boolean first, Throwable failure) {
        if (failure == null) {
            sent(message);
        } else if (failure instanceof PublishRefused refusal && first) {
            refusals.count("subject", message.subject(), "why", refusal.getMessage());
            refused(message, refusal.streamAway() ? SkipReason.NATS_DOWN : SkipReason.REFUSED);
        } else {
            unknown(message);
        }
    }

    private void sent(Outgoing message) {
        if (message.whole() != null) {
            message.whole().doubt(null);
        }
        message.outcome().sent(message.fire());
        decided();
    }

    private void refused(Outgoing message, SkipReason reason) {
        if (message.whole() != null && message.fire().takenOver()) {
            message.whole().doubt(reason);
        } else if (message.whole() != null) {
            open.forget(message.whole());
        }
        message.outcome().refused(message.fire(), reason);
        decided();
    }

    private void unknown(Outgoing message) {
        if (repeatable(message)) {
            again.add(new Again(message, time.millis() + RETRY_MILLIS));
            loop.wake();
            progressed();
            return;
        }
        if (message.whole() != null) {
            message.whole().doubt(SkipReason.UNCONFIRMED);
        }
        message.outcome().unconfirmed(message.fire());
        decided();
    }

    private void decided() {
        undecided.decrementAndGet();
        progressed();
    }

    private void progressed() {
        if (closing) {
            lock.lock();
            try {
                progress.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Young enough that the stream would drop the copy, and its answer could still come in time. */
    private boolean repeatable(Outgoing message) {
        long now = time.millis();
        boolean known = now - message.sentAt() < duplicateWindowMillis.getAsLong() - WINDOW_MARGIN_MILLIS;
        return known && (message.run() == null || now < message.run().deadlineAt());
    }
}
