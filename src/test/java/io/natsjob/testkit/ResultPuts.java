package io.natsjob.testkit;

import io.nats.client.JetStream;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** The answers of a {@link FakeWorker} on their way: at most 1,000 in flight, each put again every 200 ms until NATS acknowledges it. */
final class ResultPuts implements AutoCloseable {
    private static final int WINDOW = 1_000;
    private static final Duration ACK_LIMIT = Duration.ofSeconds(2);
    private static final Duration RETRY = Duration.ofMillis(200);

    private final JetStream jetStream;
    private final Set<String> problems;
    private final Semaphore window = new Semaphore(WINDOW);
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final AtomicInteger open = new AtomicInteger();
    private final ScheduledExecutorService sender =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("fake-worker-puts").factory());

    ResultPuts(JetStream jetStream, Set<String> problems) {
        this.jetStream = jetStream;
        this.problems = problems;
    }

    void put(String subject, String taskId, FakeWorker.Answer answer) {
        open.incrementAndGet();
        later(answer.after(), () -> send(subject, taskId, answer.bytes()));
    }

    private void later(Duration delay, Runnable task) {
        try {
            sender.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            // The worker is gone, and with it the answer.
            open.decrementAndGet();
        }
    }

    private void send(String subject, String taskId, byte[] bytes) {
        try {
            window.acquire();
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            jetStream.publishAsync(subject, bytes).orTimeout(ACK_LIMIT.toMillis(), TimeUnit.MILLISECONDS).whenComplete((ack, failure) -> {
                window.release();
                settle(subject, taskId, bytes, failure);
            });
        } catch (RuntimeException notConnected) {
            window.release();
            settle(subject, taskId, bytes, notConnected);
        }
    }

    private void settle(String subject, String taskId, byte[] bytes, Throwable failure) {
        if (failure == null) {
            acknowledged.add(taskId);
            open.decrementAndGet();
        } else if (failure instanceof IllegalArgumentException) {
            problems.add("cannot put " + subject + ": " + failure);
            open.decrementAndGet();
        } else {
            later(RETRY, () -> send(subject, taskId, bytes));
        }
    }

    Set<String> acknowledged() {
        return acknowledged;
    }

    int open() {
        return open.get();
    }

    @Override
    public void close() {
        sender.shutdownNow();
    }
}
