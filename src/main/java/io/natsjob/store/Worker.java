package io.natsjob.store;

import io.natsjob.time.Clock;

/**
 * A platform thread that owns one connection and runs work from a queue until that is closed and empty. A platform thread,
 * because a virtual one would be pinned by the native calls of the driver.
 */
final class Worker {
    private final WorkQueue queue;
    private final Session session;
    private final Health health;
    private final BatchPace pace;
    private final Clock clock;
    private final Thread thread;

    /** {@code session} belongs to the new thread from here on. */
    Worker(String name, WorkQueue queue, Session session, Health health, BatchPace pace, Clock clock) {
        this.queue = queue;
        this.session = session;
        this.health = health;
        this.pace = pace;
        this.clock = clock;
        this.thread = Thread.ofPlatform().daemon().name(name).start(this::runAll);
    }

    private void runAll() {
        try (session) {
            for (Work<?> work = queue.take(); work != null; work = queue.take()) {
                if (work.begin()) {
                    runOne(work);
                }
            }
        }
    }

    private void runOne(Work<?> work) {
        long start = clock.nanos();
        try {
            Throwable failure = work.run(session);
            health.saw(session.writes(), failure);
            int rows = session.takeLargestBatch();
            if (failure == null && work.priority() == Priority.ANSWERS) {
                pace.took(clock.nanos() - start, rows);
            }
        } finally {
            work.end();
        }
    }

    /** Whether the thread ended within that time; an interrupt ends the wait. */
    boolean join(long millis) {
        try {
            thread.join(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return !thread.isAlive();
    }
}
