package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.result.ResultBatch.Written;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One writer: takes up to a few hundred transitions, or what came within {@link #GATHER_MILLIS}, and commits them together. While the
 * database is away it tries the same batch again; one that the database refuses is halved until the poisonous transition
 * stands alone, which is then parked (docs/rules.md 28).
 */
final class WriterLane implements PatientWriter.Group<Transition, Written> {
    static final long GATHER_MILLIS = 10;
    private static final Log LOG = Log.of("result");

    private final Database database;
    private final ResultBatch batch;
    private final PatientWriter patient;
    private final SteadyTime time;
    private final Semaphore room;
    /** Bounded by {@link #room}. */
    private final BlockingQueue<Transition> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger inFlight = new AtomicInteger();
    private final CountDownLatch emptied = new CountDownLatch(1);
    private final Loop loop;
    private volatile boolean closing;

    WriterLane(Database database, ResultBatch batch, int number, int capacity, SteadyTime time) {
        this.database = database;
        this.batch = batch;
        this.patient = new PatientWriter(database, Priority.ANSWERS, "results", this::inFlight);
        this.time = time;
        this.room = new Semaphore(capacity);
        this.loop = Loop.onVirtualThread("result-writer-" + number, this::turn);
    }

    void start() {
        loop.start();
    }

    /**
     * Keeps a place in the queue for {@link #put}, waiting up to {@code limit} for it; false when there is none.
     *
     * @throws StoreException UNAVAILABLE when the writer has stopped, or the caller is interrupted
     */
    boolean reserve(Duration limit) {
        try {
            if (emptied.getCount() > 0 && room.tryAcquire(limit.toNanos(), TimeUnit.NANOSECONDS)) {
                return true;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "interrupted while results wait for the database", e);
        }
        if (emptied.getCount() == 0) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the writer of results has stopped");
        }
        return false;
    }

    /** Gives a reserved place back. */
    void unreserve() {
        room.release();
    }

    /** Queues a transition in its reserved place; never waits. */
    void put(Transition transition) {
        inFlight.incrementAndGet();
        queue.add(transition);
        loop.wake();
    }

    int inFlight() {
        return inFlight.get();
    }

    /** Writes what is queued, for up to {@code limit}, and ends. */
    void close(Duration limit) {
        closing = true;
        loop.wake();
        try {
            emptied.await(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        emptied.countDown();
        // An interrupted batch is withdrawn by the store if it has not begun.
        loop.close(Duration.ofMillis(200));
    }

    /** Writes one batch. */
    long turn() throws InterruptedException {
        List<Transition> gathered = gather();
        if (gathered.isEmpty()) {
            if (closing) {
                emptied.countDown();
            }
            return TimeUnit.HOURS.toNanos(1);
        }
        gathered.sort(Comparator.comparingLong(Transition::runId));
        patient.commit(gathered, this);
        inFlight.addAndGet(-gathered.size());
        return 0;
    }

    private List<Transition> gather() throws InterruptedException {
        List<Transition> gathered = new ArrayList<>();
        Transition next = queue.poll();
        int most = database.batchRows();
        long until = time.millis() + GATHER_MILLIS;
        while (next != null) {
            gathered.add(next);
            queue.drainTo(gathered, most - gathered.size());
            long left = closing ? 0 : time.nanosUntil(until);
            next = gathered.size() < most && left > 0 ? queue.poll(left, TimeUnit.NANOSECONDS) : null;
        }
        room.release(gathered.size());
        return gathered;
    }

    @Override
    public Written write(Sql sql, List<Transition> transitions) {
        return batch.write(sql, transitions);
    }

    @Override
    public void committed(List<Transition> transitions, Written written) {
        batch.committed(transitions, written);
    }

    /** A part that a former leader ended at this very moment is found by a second look; everything else is kept apart. */
    @Override
    public void poisonous(Transition poison, StoreException refusal) throws InterruptedException {
        if (refusal.kind() == StoreException.Kind.DUPLICATE) {
            try {
                batch.committed(List.of(poison), patient.write(sql -> batch.write(sql, List.of(poison))));
                return;
            } catch (StoreException again) {
                LOG.warn("a result meets another one twice", "run", poison.runId(), "why", again.getMessage());
            }
        }
        LOG.error("the database refuses a result, it is parked", refusal, "run", poison.runId());
        long at = time.millis();
        try {
            batch.committed(List.of(poison), patient.write(sql -> batch.park(sql, poison, refusal.getMessage(), at)));
        } catch (StoreException e) {
            setAside(poison, e);
        }
    }

    private void setAside(Transition poison, StoreException refusal) throws InterruptedException {
        LOG.error("the database refuses the end of a run, the run stays open until the next start", refusal, "run", poison.runId());
        long at = time.millis();
        try {
            batch.committed(List.of(poison), patient.write(sql -> batch.setAside(sql, poison, refusal.getMessage(), at)));
        } catch (StoreException e) {
            LOG.error("a result can be neither written nor parked, it stays in NATS", e, "run", poison.runId());
        }
    }
}
