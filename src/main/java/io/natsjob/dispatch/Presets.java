package io.natsjob.dispatch;

import io.natsjob.log.Log;
import io.natsjob.nats.Ack;
import io.natsjob.nats.LinkDownException;
import io.natsjob.nats.PublishLink;
import io.natsjob.nats.PublishRefused;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Writes an empty value under the result key of a recorded run before its message goes out, if that is set, so that a worker can get the key
 * and update it by its revision. Only where the key has no value, so a write that comes late never covers an answer. A write that fails,
 * or takes longer than two seconds, stops nothing: the message goes out all the same.
 */
public final class Presets implements AutoCloseable {
    /** Writes without acknowledgement yet. */
    static final int WINDOW = 1_000;
    /** Messages waiting for the window; further ones go out without. */
    static final int QUEUED = 100_000;
    /** For main steps, which wait one by one, and how long they go without after one had no answer. */
    private static final long MAIN_LIMIT_MILLIS = 1_000;
    private static final long MAIN_PAUSE_MILLIS = 10_000;
    private static final int AT_ONCE = 100;
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(3);
    private static final Log LOG = Log.of("dispatch");

    private record Waiting(Outgoing message, Consumer<Outgoing> send) {}

    private final PublishLink link;
    private final Confirmer confirmer;
    private final boolean on;
    private final SteadyTime time;
    private final MinuteWarning failures;
    private final Loop loop = Loop.onPlatformThread("presets", this::turn);
    private final Queue<Waiting> queue = new ArrayBlockingQueue<>(QUEUED);
    private final Queue<Waiting> written = new ConcurrentLinkedQueue<>();
    private final Semaphore window = new Semaphore(WINDOW);
    /** Taken and not sent yet. */
    private final AtomicInteger held = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition sentAll = lock.newCondition();
    private volatile boolean closing;
    /** Epoch milliseconds. */
    private volatile long mainStepsWithoutUntil;

    /** @param on false: nothing is written, every message goes out at once */
    public Presets(PublishLink link, Confirmer confirmer, boolean on, SteadyTime time) {
        this.link = link;
        this.confirmer = confirmer;
        this.on = on;
        this.time = time;
        this.failures = new MinuteWarning(time, "a result key could not be preset, the message goes out all the same");
    }

    public void start() {
        loop.start();
    }

    /** Hands the message to {@code send} when its key is written, on the thread for that; without a key to write at once, on the caller's. Never waits. */
    void before(Outgoing message, Consumer<Outgoing> send) {
        if (!on || message.resultKey() == null || closing) {
            send.accept(message);
            return;
        }
        held.incrementAndGet();
        if (queue.offer(new Waiting(message, send))) {
            loop.wake();
        } else {
            held.decrementAndGet();
            failed(message, "too many wait");
            send.accept(message);
        }
    }

    /** Returns when the key is written, or cannot be; waits a second at most. For callers that send one message after the other. */
    void beforeMain(Outgoing message) {
        if (!on || time.millis() < mainStepsWithoutUntil) {
            return;
        }
        try {
            link.preset(message.resultKey()).get(MAIN_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (LinkDownException e) {
            failed(message, e.getMessage());
        } catch (ExecutionException e) {
            told(message, e.getCause());
        } catch (TimeoutException e) {
            mainStepsWithoutUntil = time.millis() + MAIN_PAUSE_MILLIS;
            failed(message, "no answer within " + MAIN_LIMIT_MILLIS + " ms");
        } catch (InterruptedException e) {
            // asked to hurry: it goes out without
            Thread.currentThread().interrupt();
        }
    }

    /** Sends what is written, else writes what waits. */
    long turn() {
        if (sendWritten()) {
            confirmer.flush();
            return 0;
        }
        for (int i = 0; i < AT_ONCE && !queue.isEmpty(); i++) {
            if (!window.tryAcquire()) {
                return TimeUnit.MILLISECONDS.toNanos(50); // each acknowledgement wakes, and each is given up after two seconds
            }
            write(queue.remove());
        }
        return queue.isEmpty() && written.isEmpty() ? TimeUnit.HOURS.toNanos(1) : 0;
    }

    private boolean sendWritten() {
        boolean any = false;
        for (int i = 0; i < WINDOW; i++) {
            Waiting next = written.poll();
            if (next == null) {
                break;
            }
            any = true;
            try {
                next.send.accept(next.message);
            } catch (RuntimeException e) {
                // The others still go. This one stays undecided, so that the settled mark does not cover it.
                LOG.error("a message could not be sent", e, "run", next.message.fire().runId());
            } finally {
                sent();
            }
        }
        return any;
    }

    private void sent() {
        if (held.decrementAndGet() == 0 && closing) {
            lock.lock();
            try {
                sentAll.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void write(Waiting waiting) {
        CompletableFuture<Ack> answer;
        try {
            answer = link.preset(waiting.message.resultKey());
        } catch (LinkDownException e) {
            window.release();
            failed(waiting.message, e.getMessage());
            written.add(waiting);
            return;
        }
        answer.whenComplete((ack, failure) -> {
            window.release();
            if (failure != null) {
                told(waiting.message, failure instanceof CompletionException ? failure.getCause() : failure);
            }
            written.add(waiting);
            loop.wake();
        });
    }

    /** A key that has a value is as good as written: a former leader did, or the worker was faster than a repetition. */
    private void told(Outgoing message, Throwable failure) {
        if (!(failure instanceof PublishRefused refusal && refusal.otherRevision())) {
            failed(message, failure.getMessage());
        }
    }

    private void failed(Outgoing message, String why) {
        failures.count("run", message.fire().runId(), "why", why);
    }

    /** Sends what it holds, waits at most three seconds for that, and ends. */
    @Override
    public void close() {
        closing = true;
        lock.lock();
        try {
            for (long left = CLOSE_LIMIT.toNanos(); left > 0 && held.get() > 0;) {
                left = sentAll.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        loop.close();
    }
}
