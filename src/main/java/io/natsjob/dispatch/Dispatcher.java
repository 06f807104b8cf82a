package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends each batch at its time, on one thread, in the order of the seconds; between them what is made up, a few at a time. */
public final class Dispatcher implements AutoCloseable {
    /** A clean stop sends what is claimed already, which lies at most this far ahead (docs/rules.md 13). */
    public static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    /** Between two looks whether fires that wait for the list of workers may go. */
    private static final long WAITING_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /** A batch that becomes due waits for no more than these. */
    private static final int MADE_UP_AT_ONCE = 50;

    private static final Log LOG = Log.of("dispatch");

    private final CurrentJobs jobs;
    private final Admission admission;
    private final Sender sender;
    private final Decisions decisions;
    private final SteadyTime time;
    private final PriorityBlockingQueue<FireBatch> queue = new PriorityBlockingQueue<>(16, Comparator.comparingLong(FireBatch::fireAt));
    /** Fires whose time has come and that wait for the list of workers, after a take-over only (docs/rules.md 21). The loop's. */
    private final List<Fire> waiting = new ArrayList<>();
    private final ConcurrentLinkedQueue<List<Fire>> madeUp = new ConcurrentLinkedQueue<>();
    private final Loop loop = Loop.onPlatformThread("dispatcher", this::turn);
    private final CountDownLatch drained = new CountDownLatch(1);
    private volatile boolean draining;

    public Dispatcher(CurrentJobs jobs, Admission admission, Sender sender, Decisions decisions, SteadyTime time) {
        this.jobs = jobs;
        this.admission = admission;
        this.sender = sender;
        this.decisions = decisions;
        this.time = time;
    }

    public void start() {
        loop.start();
    }

    /**
     * Takes a batch to be sent at its time; a time that has passed means now. After {@link #close} it takes none: the settled
     * mark then stays before it, and its claims are the next leader's (docs/rules.md 10 and 13).
     */
    public void accept(FireBatch batch) {
        if (draining) {
            LOG.warn("fires came after the stop, they are left to the next leader", "second", batch.fireAt(), "fires", batch.fires().size());
            return;
        }
        decisions.expect(batch);
        queue.add(batch);
        loop.wake();
    }

    /** Takes missed fires with their rows, to be sent as soon as no batch is due. After {@link #close} it takes none: nobody knows then that they were not sent. */
    public void makeUp(List<Fire> fires) {
        if (draining) {
            LOG.warn("fires to be made up came after the stop, they are left to their deadlines", "fires", fires.size());
            return;
        }
        for (int from = 0; from < fires.size(); from += MADE_UP_AT_ONCE) {
            madeUp.add(fires.subList(from, Math.min(fires.size(), from + MADE_UP_AT_ONCE)));
        }
        loop.wake();
    }

    /** Sends what was accepted, each batch at its time, for up to {@link #DRAIN_LIMIT}, and ends. Accepts nothing more. */
    @Override
    public void close() {
        close(DRAIN_LIMIT);
    }

    void close(Duration limit) {
        draining = true;
        loop.wake();
        try {
            if (!drained.await(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("not all fires could be sent before the stop", "limitMs", limit.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        loop.close();
    }

    /** One look at the queue: sends the first batch if its time has come. */
    long turn() {
        takeUpWaiting();
        FireBatch batch = queue.peek();
        long until = batch == null ? TimeUnit.HOURS.toNanos(1) : time.nanosUntil(batch.fireAt());
        if (until <= 0) {
            queue.remove(batch);
            send(batch.fires());
            return 0;
        }
        List<Fire> missed = madeUp.poll();
        if (missed != null) {
            send(missed);
            return 0;
        }
        if (batch == null && draining && waiting.isEmpty()) {
            drained.countDown();
        }
        return waiting.isEmpty() ? until : Math.min(until, WAITING_LOOK_NANOS);
    }

    private void send(List<Fire> fires) {
        fires.forEach(this::dispatch);
        sender.flush();
    }

    /** The fires of other models do not wait with them. */
    private void takeUpWaiting() {
        if (!waiting.isEmpty() && !admission.mustWait(waiting.getFirst().job())) {
            List<Fire> ready = List.copyOf(waiting);
            waiting.clear();
            ready.forEach(this::dispatch);
            sender.flush();
        }
    }

    private void dispatch(Fire fire) {
        if (admission.mustWait(fire.job())) {
            waiting.add(fire);
            return;
        }
        try {
            decide(fire);
        } catch (RuntimeException e) {
            // The others of the batch still go. This one stays undecided, so that the settled mark does not cover it.
            LOG.error("a fire could not be dispatched", e, "job", fire.job().path(), "fireAt", fire.fireAt());
        }
    }

    private void decide(Fire fire) {
        Job current = jobs.of(fire);
        SkipReason refusal = admission.refusal(fire, current);
        if (refusal != null) {
            sender.refuse(fire, refusal, decisions);
        } else {
            sender.send(fire.of(current), current.spec().limits().maxConcurrency(), decisions);
        }
    }
}
