package io.natsjob.store;

import io.natsjob.store.StoreException.Kind;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Waiting work: by priority, then by arrival. At most {@value #MAX_WAITING}; when full, more is refused. */
final class WorkQueue {
    static final int MAX_WAITING = 10_000;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition added = lock.newCondition();
    private final List<ArrayDeque<Work<?>>> byPriority = new ArrayList<>();
    private int size;
    private boolean closed;

    WorkQueue() {
        for (int i = 0; i < Priority.values().length; i++) {
            byPriority.add(new ArrayDeque<>());
        }
    }

    /** @throws StoreException UNAVAILABLE when full or closed */
    void put(Work<?> work) {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException(Kind.UNAVAILABLE, "the database is closed");
            }
            if (size >= MAX_WAITING) {
                throw new StoreException(Kind.UNAVAILABLE, "the database cannot keep up: " + MAX_WAITING + " pieces of work are waiting, no more are taken");
            }
            byPriority.get(work.priority().ordinal()).add(work);
            size++;
            added.signal();
        } finally {
            lock.unlock();
        }
    }

    /** The next piece; waits for one; null once closed and empty. */
    Work<?> take() {
        lock.lock();
        try {
            while (size == 0 && !closed) {
                added.awaitUninterruptibly();
            }
            for (ArrayDeque<Work<?>> waiting : byPriority) {
                Work<?> work = waiting.poll();
                if (work != null) {
                    size--;
                    return work;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /** Frees the place of work that was withdrawn. */
    void remove(Work<?> work) {
        lock.lock();
        try {
            if (byPriority.get(work.priority().ordinal()).remove(work)) {
                size--;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more; what waits is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            added.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Takes away all that waits. */
    List<Work<?>> drain() {
        lock.lock();
        try {
            List<Work<?>> left = new ArrayList<>();
            byPriority.forEach(waiting -> {
                left.addAll(waiting);
                waiting.clear();
            });
            size = 0;
            return left;
        } finally {
            lock.unlock();
        }
    }

    int size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }
}
