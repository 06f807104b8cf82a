package io.natsjob.store;

import io.natsjob.time.Clock;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Either the reading or the writing connections of a server's database, and the work on them. Each piece runs on a virtual thread
 * of its own: an interrupt of its caller would close the connection in the middle of a commit.
 */
final class Lane {
    private final boolean writing;
    private final TimeLimits limits;
    private final Health health;
    private final RandomGenerator jitter;
    private final Pool pool;
    private final Connections connections;

    Lane(ServerDialect dialect, Plan plan, Clock clock, TimeLimits limits, Health health, RandomGenerator jitter) {
        this.writing = plan.writing;
        this.limits = limits;
        this.health = health;
        this.jitter = jitter;
        List<Session> sessions = IntStream.range(0, plan.size).mapToObj(i -> new Session(dialect, writing, clock, limits)).toList();
        this.pool = new Pool(writing ? "write" : "read", sessions, clock, plan.keepFree);
        this.connections = new Connections(pool, clock, dialect.keepAliveMillis(writing));
    }

    /**
     * How the connections are shared.
     *
     * @param size     how many
     * @param keepFree how many of them a borrower of that priority must leave to the higher ones
     */
    record Plan(boolean writing, int size, ToIntFunction<Priority> keepFree) {}

    <T> T run(Priority priority, boolean durable, Function<Sql, T> body) {
        Slot slot = pool.borrow(priority, limits.queue());
        Work<T> work = new Work<>(priority, durable, body);
        work.begin();
        Thread.ofVirtual().name("store-" + priority).start(() -> use(slot, work));
        return work.await(limits, writing, () -> {}, health);
    }

    private void use(Slot slot, Work<?> work) {
        boolean connected = false;
        try {
            pool.lent(slot, Thread.currentThread());
            connections.before(slot);
            connected = slot.session().connected();
            // A read loses no race, and runs into its caller's lists only once.
            health.saw(writing, work.run(writing ? new Retry(slot.session(), jitter) : slot.session()));
        } finally {
            connections.after(slot, connected);
            pool.giveBack(slot);
            work.end();
        }
    }

    void tend() {
        pool.tellLeaks();
        connections.tend();
    }

    boolean close(long millis) {
        return pool.close(millis);
    }
}
