package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One writer: takes up to a few hundred transitions, or what came within {@link #GATHER_MILLIS}, and commits them together. While the
 * database is away it tries the same batch again; one that the database refuses is halved until the poisonous transition
 * stands alone, which is then parked (docs/rules.md 28).
 */
final class WriterLane implements AutoCloseable {
    static final long GATHER_MILLIS = 10;
    private static final long MAX_RETRY_MILLIS = 1_000;
    private static final Log LOG = Log.of("result");

    private final Database database;
    private final ResultBatch batch;
    private final BlockingQueue<Transition> queue;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final Loop loop;
    private volatile boolean closing;

    WriterLane(Database database, ResultBatch batch, int number, int capacity) {
        this.database = database;
        this.batch = batch;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.loop = Loop.onVirtualThread("result-writer-" + number, this::turn);
    }

    void start() {
        loop.start();
    }

    void put(Transition transition) {
        inFlight.incrementAndGet();
        try {
            queue.put(transition);
        } catch (InterruptedException e) {
            inFlight.decrementAndGet();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("stopped while waiting for the database", e);
        }
    }

    int inFlight() {
        return inFlight.get();
    }

    void close(Duration limit) {
        closing = true;
        loop.close(limit);
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }

    private long turn() throws InterruptedException {
        List<Transition> gathered = gather();
        while (!gathered.isEmpty()) {
            gathered.sort(Comparator.comparingLong(Transition::runId));
            commit(gathered);
            inFlight.addAndGet(-gathered.size());
            // At a stop the queue is emptied before the loop ends.
            gathered = closing ? gather() : List.of();
        }
        return 0;
    }

    private List<Transition> gather() throws InterruptedException {
        List<Transition> gathered = new ArrayList<>();
        Transition first = queue.poll(closing ? 0 : 200, TimeUnit.MILLISECONDS);
        if (first == null) {
            return gathered;
        }
        gathered.add(first);
        int most = database.batchRows();
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(GATHER_MILLIS);
        while (gathered.size() < most) {
            queue.drainTo(gathered, most - gathered.size());
            long left = until - System.nanoTime();
            Transition next = gathered.size() < most && left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : null;
            if (next == null) {
                break;
            }
            gathered.add(next);
        }
        return gathered;
    }

    private void commit(List<Transition> transitions) throws InterruptedException {
        for (long wait = 50;; wait = Math.min(2 * wait, MAX_RETRY_MILLIS)) {
            try {
                ResultBatch.Written written = database.write(Priority.ANSWERS, sql -> batch.write(sql, transitions));
                batch.committed(transitions, written);
                return;
            } catch (StoreException e) {
                if (e.kind() == StoreException.Kind.REJECTED || e.kind() == StoreException.Kind.DUPLICATE) {
                    refused(transitions, e);
                    return;
                }
                if (wait == 50) {
                    LOG.warn("results wait for the database", "results", transitions.size(), "why", e.getMessage());
                }
            }
            TimeUnit.MILLISECONDS.sleep(wait);
        }
    }

    private void refused(List<Transition> transitions, StoreException why) throws InterruptedException {
        if (transitions.size() > 1) {
            int middle = transitions.size() / 2;
            commit(transitions.subList(0, middle));
            commit(transitions.subList(middle, transitions.size()));
            return;
        }
        Transition poison = transitions.getFirst();
        LOG.error("the database refuses a result, it is parked", why, "run", poison.runId());
        try {
            ResultBatch.Written written = database.write(Priority.ANSWERS, sql -> batch.park(sql, poison, why.getMessage()));
            batch.committed(transitions, written);
        } catch (StoreException e) {
            LOG.error("a result can be neither written nor parked, it stays in NATS", e, "run", poison.runId());
        }
    }
}
