package io.natsjob.time;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.testkit.Eventually;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);
    private final AtomicInteger turns = new AtomicInteger();

    @Test
    void a_wake_ends_the_wait_and_one_before_the_wait_leaves_it_out() {
        CountDownLatch go = new CountDownLatch(1);
        try (Loop loop = Loop.onVirtualThread("test", () -> {
            if (turns.incrementAndGet() == 1) {
                go.await();
            }
            return HOUR;
        }).start()) {
            Eventually.awaitEqual("turns", LIMIT, 1, turns::get);
            loop.wake();
            go.countDown();
            Eventually.awaitEqual("turns", LIMIT, 2, turns::get);
            loop.wake();
            Eventually.awaitEqual("turns", LIMIT, 3, turns::get);
        }
    }

    @Test
    void a_step_that_fails_is_tried_again_after_the_backoff_whatever_it_throws() {
        long began = System.nanoTime();
        try (Loop loop = Loop.onPlatformThread("test", () -> {
            switch (turns.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("for a test");
                case 2 -> throw new AssertionError("for a test");
                default -> { }
            }
            return HOUR;
        }).start()) {
            Eventually.awaitEqual("turns", LIMIT, 3, turns::get);
            assertTrue(System.nanoTime() - began >= 2 * Loop.BACKOFF.toNanos());
            loop.wake();
            Eventually.awaitEqual("turns", LIMIT, 4, turns::get);
        }
    }

    @Test
    void close_waits_for_the_step_and_lets_no_other_begin() {
        CountDownLatch begun = new CountDownLatch(1);
        Loop loop = Loop.onVirtualThread("test", () -> {
            turns.incrementAndGet();
            begun.countDown();
            return 0;
        }).start();
        Eventually.await("begun", LIMIT, () -> begun.getCount() == 0);
        assertTrue(loop.close(LIMIT));
        int after = turns.get();
        assertTrue(loop.close(LIMIT), "twice");
        loop.wake();
        assertEquals(after, turns.get());
    }

    @Test
    void close_interrupts_a_step_that_does_not_end() {
        CountDownLatch begun = new CountDownLatch(1);
        Loop loop = Loop.onVirtualThread("test", () -> {
            begun.countDown();
            new CountDownLatch(1).await();
            return 0;
        }).start();
        Eventually.await("begun", LIMIT, () -> begun.getCount() == 0);
        assertTrue(loop.close(Duration.ofMillis(20)));
    }

    @Test
    void close_before_the_start_is_harmless_and_nothing_runs_then() {
        Loop loop = Loop.onPlatformThread("test", () -> {
            turns.incrementAndGet();
            return 0;
        });
        assertTrue(loop.close(LIMIT));
        loop.close();
        loop.start();
        assertTrue(loop.close(LIMIT));
        assertEquals(0, turns.get());
    }

    @Test
    void an_interrupt_ends_the_loop() {
        Thread[] inside = new Thread[1];
        CountDownLatch begun = new CountDownLatch(1);
        Loop loop = Loop.onPlatformThread("test", () -> {
            inside[0] = Thread.currentThread();
            begun.countDown();
            return HOUR;
        }).start();
        Eventually.await("begun", LIMIT, () -> begun.getCount() == 0);
        inside[0].interrupt();
        Eventually.await("ended", LIMIT, () -> !inside[0].isAlive());
        assertFalse(inside[0].isAlive());
        loop.close();
    }
}
