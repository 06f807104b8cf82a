package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.store.StoreException.Kind;
import io.natsjob.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A fixed number of places for connections, handed out by priority, then by arrival. The place used last is handed out first, so
 * that connections without work grow old and are closed. At most {@value WorkQueue#MAX_WAITING} wait; more are refused.
 */
final class Pool {
    private static final Log LOG = Log.of("store");
    static final long LEAK_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final int STACK_LINES = 25;

    private final String name;
    private final Clock clock;
    private final ToIntFunction<Priority> keepFree;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition returned = lock.newCondition();
    private final List<Slot> all;
    private final Deque<Slot> free = new ArrayDeque<>();
    private final Map<Priority, Deque<Waiter>> waiting = new EnumMap<>(Priority.class);
    private boolean closed;

    private static final class Waiter {
        private final Condition served;
        private Slot slot;

        Waiter(Condition served) {
            this.served = served;
        }
    }

    /** @param keepFree how many places a borrower of that priority must leave to the higher ones */
    Pool(String name, List<Session> sessions, Clock clock, ToIntFunction<Priority> keepFree) {
        this.name = name;
        this.clock = clock;
        this.keepFree = keepFree;
        this.all = IntStream.range(0, sessions.size()).mapToObj(i -> new Slot(i, sessions.get(i))).toList();
        this.free.addAll(all);
        for (Priority priority : Priority.values()) {
            waiting.put(priority, new ArrayDeque<>());
        }
    }

    /**
     * A place, to be given back by {@link #giveBack}.
     *
     * @throws StoreException UNAVAILABLE after {@code millis}, when too many wait, when closed, or interrupted: the flag stays set
     */
    Slot borrow(Priority priority, long millis) {
        lock.lock();
        try {
            requireRoom();
            if (firstWaiting() == null && free.size() > keepFree.applyAsInt(priority)) {
                return take();
            }
            return await(priority, millis);
        } finally {
            lock.unlock();
        }
    }

    private void requireRoom() {
        if (closed) {
            throw new StoreException(Kind.UNAVAILABLE, "the database is closed");
        }
        if (waitingCount() >= WorkQueue.MAX_WAITING) {
            throw new StoreException(Kind.UNAVAILABLE, "the database cannot keep up: no more than " + WorkQueue.MAX_WAITING + " wait for a connection (" + state() + ")");
        }
    }

    private Slot await(Priority priority, long millis) {
        Waiter waiter = new Waiter(lock.newCondition());
        Deque<Waiter> queue = waiting.get(priority);
        queue.add(waiter);
        hand(); // lower priorities may wait for what this one may have
        long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            while (waiter.slot == null && !closed && nanos > 0) {
                nanos = waiter.served.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            if (waiter.slot == null) {
                queue.remove(waiter);
                throw new StoreException(Kind.UNAVAILABLE, "interrupted: the work was withdrawn before it began", e);
            }
        }
        if (waiter.slot != null) {
            return waiter.slot;
        }
        String reason = closed ? "the database is closing: the work was withdrawn before it began"
                : "no connection to the database became free within " + millis + " ms (" + state() + "): the work was withdrawn before it began";
        queue.remove(waiter);
        throw new StoreException(Kind.UNAVAILABLE, reason);
    }

    /** Who uses it, for {@link #tellLeaks}. */
    void lent(Slot slot, Thread user) {
        lock.lock();
        try {
            slot.lend(user, clock.nanos());
        } finally {
            lock.unlock();
        }
    }

    void giveBack(Slot slot) {
        lock.lock();
        try {
            slot.takeBack();
            free.push(slot);
            hand();
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Serves who waits: by priority, by arrival, as long as enough is left. */
    private void hand() {
        for (Priority first = firstWaiting(); first != null && free.size() > keepFree.applyAsInt(first); first = firstWaiting()) {
            Waiter waiter = waiting.get(first).poll();
            waiter.slot = take();
            waiter.served.signal();
        }
    }

    private Priority firstWaiting() {
        return waiting.entrySet().stream().filter(entry -> !entry.getValue().isEmpty()).map(Map.Entry::getKey).findFirst().orElse(null);
    }

    private Slot take() {
        Slot slot = free.pop();
        slot.lend(Thread.currentThread(), clock.nanos());
        return slot;
    }

    /** A free place that {@code wanted} picks, for the caller to look after and to {@link #giveBackUnused}; null: none, or somebody waits. */
    Slot borrowUnused(Predicate<Slot> wanted) {
        lock.lock();
        try {
            Slot found = firstWaiting() != null ? null : free.stream().filter(wanted).findFirst().orElse(null);
            if (found != null) {
                free.remove(found);
                found.lend(Thread.currentThread(), clock.nanos());
            }
            return found;
        } finally {
            lock.unlock();
        }
    }

    /** Back behind all others, since it is not the one used last. */
    void giveBackUnused(Slot slot) {
        lock.lock();
        try {
            slot.takeBack();
            free.addLast(slot);
            hand();
            returned.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Logs each borrower that has held its place for too long, with where it stands; once. */
    void tellLeaks() {
        lock.lock();
        try {
            long now = clock.nanos();
            for (Slot slot : all) {
                if (slot.borrower() != null && now - slot.borrowedAt() > LEAK_NANOS && slot.tellOnce()) {
                    LOG.warn("a database connection is held for too long", "pool", name, "seconds", (now - slot.borrowedAt()) / 1_000_000_000,
                            "borrower", slot.borrower().getName(), "stack", stack(slot.borrower()));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    private static String stack(Thread thread) {
        return List.of(thread.getStackTrace()).stream().limit(STACK_LINES).map(StackTraceElement::toString).collect(Collectors.joining(" < "));
    }

    /** How many wait for a place. */
    int waiting() {
        lock.lock();
        try {
            return waitingCount();
        } finally {
            lock.unlock();
        }
    }

    /** For people: places, those in use, those not, and who waits. */
    private String state() {
        return all.size() + " in all, " + (all.size() - free.size()) + " active, " + free.size() + " idle, " + waitingCount() + " waiting";
    }

    private int waitingCount() {
        return waiting.values().stream().mapToInt(Deque::size).sum();
    }

    /** Refuses new borrowers and those that wait, then waits for what is borrowed; false: not all came back in time. */
    boolean close(long millis) {
        lock.lock();
        try {
            closed = true;
            waiting.values().forEach(queue -> queue.forEach(waiter -> waiter.served.signal()));
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (free.size() < all.size() && nanos > 0) {
                nanos = returned.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return closeFree();
    }

    private boolean closeFree() {
        lock.lock();
        try {
            free.forEach(slot -> slot.session().close());
            return free.size() == all.size();
        } finally {
            lock.unlock();
        }
    }
}
