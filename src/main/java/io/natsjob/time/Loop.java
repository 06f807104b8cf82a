package io.natsjob.time;

import io.natsjob.log.Log;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A background duty on a thread of its own: runs a step, waits as long as the step says, can be woken early. A step that
 * throws is logged and tried again after {@link #BACKOFF}; it never ends the loop. Interruption means shutdown only.
 */
public final class Loop implements AutoCloseable {
    /** The wait after a step that threw. */
    public static final Duration BACKOFF = Duration.ofMillis(500);
    /** For a step to end after it was interrupted. */
    static final Duration INTERRUPTED = Duration.ofSeconds(1);
    private static final Log LOG = Log.of("loop");

    /** One turn of the loop. */
    @FunctionalInterface
    public interface Step {
        /** Does what is due; answers the nanoseconds until the next turn (0 or less: at once). */
        long run() throws InterruptedException;
    }

    private final String name;
    private final Step step;
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean woken;
    private volatile boolean closed;

    private Loop(String name, Thread.Builder builder, Step step) {
        this.name = name;
        this.step = step;
        this.thread = builder.name(name).unstarted(this::run);
    }

    /** For duties whose lateness a fire would feel, and for those that call native code. */
    public static Loop onPlatformThread(String name, Step step) {
        return new Loop(name, Thread.ofPlatform().daemon(true), step);
    }

    public static Loop onVirtualThread(String name, Step step) {
        return new Loop(name, Thread.ofVirtual(), step);
    }

    public Loop start() {
        thread.start();
        return this;
    }

    /** Ends the current wait, or leaves out the next one. */
    public void wake() {
        lock.lock();
        try {
            woken = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets the current step end by itself for up to {@code limit}, then interrupts it and waits {@link #INTERRUPTED} more. Harmless when
     * called twice or before the start. Answers whether no step runs any more.
     */
    public boolean close(Duration limit) {
        closed = true;
        wake();
        try {
            if (thread.isAlive() && !thread.join(limit)) {
                LOG.warn("a background step did not end in time", "loop", name, "limitMs", limit.toMillis());
                thread.interrupt();
                thread.join(INTERRUPTED);
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private void run() {
        try {
            while (!closed) {
                await(turn());
            }
        } catch (InterruptedException e) {
            LOG.debug("loop interrupted", "loop", name);
        }
    }

    private long turn() throws InterruptedException {
        try {
            return step.run();
        } catch (RuntimeException | Error e) { // a duty that ended unseen would be worse than one that fails aloud
            LOG.error("a background step failed, trying again", e, "loop", name);
            return BACKOFF.toNanos();
        }
    }

    private void await(long nanos) throws InterruptedException {
        lock.lock();
        try {
            long left = nanos;
            while (!woken && left > 0 && !closed) {
                left = changed.awaitNanos(Math.min(left, TimeUnit.HOURS.toNanos(1)));
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }
}
