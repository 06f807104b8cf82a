package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** One piece of work between its caller, who waits, and the thread that runs it. Exactly one of them decides whether it begins. */
final class Work<T> {
    private static final long SLICE_MILLIS = 100;

    private enum Phase { WAITING, BEGUN, WITHDRAWN }

    private final Priority priority;
    private final boolean durable;
    private final Function<Sql, T> body;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private final CountDownLatch ended = new CountDownLatch(1);
    /** Both are published by the latch. */
    private T result;
    private Throwable failure;

    Work(Priority priority, boolean durable, Function<Sql, T> body) {
        this.priority = priority;
        this.durable = durable;
        this.body = body;
    }

    Priority priority() {
        return priority;
    }

    /** On the database's thread: false when it was withdrawn before. */
    boolean begin() {
        return phase.compareAndSet(Phase.WAITING, Phase.BEGUN);
    }

    /** On the database's thread, after {@link #begin}: the failure, or null. */
    Throwable run(Transactions transactions) {
        try {
            result = transactions.transaction(durable, body);
        } catch (Throwable t) { // whatever it is belongs to the caller; this thread must live on for the others
            failure = t;
        }
        return failure;
    }

    /** On the database's thread: lets the caller go on. */
    void end() {
        ended.countDown();
    }

    /** Ends work that will never begin. */
    void refuse(StoreException reason) {
        if (phase.compareAndSet(Phase.WAITING, Phase.WITHDRAWN)) {
            failure = reason;
            ended.countDown();
        }
    }

    /** On the caller's thread: the result, or the failure thrown. {@code withdrawn} is told when it will not begin. */
    T await(TimeLimits limits, boolean writer, Runnable withdrawn, Health health) {
        try {
            if (!ended.await(limits.queue(), TimeUnit.MILLISECONDS)) {
                if (withdraw(withdrawn)) {
                    throw new StoreException(Kind.UNAVAILABLE, "the database was busy for " + limits.queue() + " ms: the work was withdrawn before it began");
                }
                awaitEnd(limits, writer, health);
            }
        } catch (InterruptedException e) {
            if (withdraw(withdrawn)) {
                Thread.currentThread().interrupt();
                throw new StoreException(Kind.UNAVAILABLE, "interrupted: the work was withdrawn before it began", e);
            }
            try {
                awaitEnd(limits, writer, health);
            } finally {
                Thread.currentThread().interrupt();
            }
        }
        return outcome();
    }

    private boolean withdraw(Runnable withdrawn) {
        if (!phase.compareAndSet(Phase.WAITING, Phase.WITHDRAWN)) {
            return false;
        }
        withdrawn.run();
        return true;
    }

    /** What has begun ends by its own limits, so an interrupt waits for it; only a disk that hangs makes this give up. */
    private void awaitEnd(TimeLimits limits, boolean writer, Health health) {
        long millis = limits.transactionOf(writer) + limits.grace();
        boolean interrupted = false;
        try {
            for (long waited = 0; waited < millis; ) {
                try {
                    // In slices, so that an interrupt costs one slice of the count and no clock is needed.
                    waited += SLICE_MILLIS;
                    if (ended.await(SLICE_MILLIS, TimeUnit.MILLISECONDS)) {
                        return;
                    }
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            StoreException hangs = new StoreException(writer ? Kind.COMMIT_UNKNOWN : Kind.UNAVAILABLE,
                    "the database has not answered for " + millis + " ms: its disk may hang");
            health.saw(writer, hangs); // its own thread cannot tell
            throw hangs;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private T outcome() {
        return switch (failure) {
            case null -> result;
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException(failure);
        };
    }
}
