package io.natsjob.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/** Waits until something holds, looking every 5 ms, and fails with what it saw last when the limit is over. */
public final class Eventually {
    private static final long POLL_NANOS = Duration.ofMillis(5).toNanos();

    private Eventually() {}

    /** Waits until the condition holds. */
    public static void await(String what, Duration limit, BooleanSupplier condition) {
        awaitValue(what, limit, condition::getAsBoolean, seen -> seen);
    }

    /** Waits until the value equals the expected one. */
    public static <T> void awaitEqual(String what, Duration limit, T expected, Callable<T> value) {
        awaitValue(what + " is " + expected, limit, value, expected::equals);
    }

    /** Waits until the value is accepted, and returns it. An exception counts as not yet; the last one is the failure's cause. */
    public static <T> T awaitValue(String what, Duration limit, Callable<T> value, Predicate<? super T> accepted) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (true) {
            Object seen;
            Exception thrown = null;
            try {
                T now = value.call();
                if (accepted.test(now)) {
                    return now;
                }
                seen = now;
            } catch (Exception e) {
                thrown = e;
                seen = e;
            }
            if (System.nanoTime() - deadline >= 0) {
                throw new AssertionError("not within " + limit.toMillis() + " ms: " + what + "; last seen: " + seen, thrown);
            }
            if (Thread.currentThread().isInterrupted()) {
                throw new AssertionError("interrupted while waiting for: " + what + "; last seen: " + seen, thrown);
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
    }
}
