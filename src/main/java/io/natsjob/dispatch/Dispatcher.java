package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.Comparator;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Sends each batch at its time, on one thread, in the order of the seconds. */
public final class Dispatcher implements AutoCloseable {
    /** A clean stop sends what is claimed already, which lies at most this far ahead (docs/rules.md 13). */
    public static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

    private static final Log LOG = Log.of("dispatch");

    private final CurrentJobs jobs;
    private final Admission admission;
    private final Sender sender;
    private final Decisions decisions;
    private final SteadyTime time;
    private final PriorityBlockingQueue<FireBatch> queue = new PriorityBlockingQueue<>(16, Comparator.comparingLong(FireBatch::fireAt));
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
        FireBatch batch = queue.peek();
        if (batch == null) {
            if (draining) {
                drained.countDown();
            }
            return TimeUnit.HOURS.toNanos(1);
        }
        long until = time.nanosUntil(batch.fireAt());
        if (until > 0) {
            return until;
        }
        queue.remove(batch);
        batch.fires().forEach(this::dispatch);
        sender.flush();
        return 0;
    }

    private void dispatch(Fire fire) {
        try {
            decide(fire);
        } catch (RuntimeException e) {
            // The others of the batch still go. This one stays undecided, so that the settled mark does not cover it.
            LOG.error("a fire could not be dispatched", e, "job", fire.job().path(), "fireAt", fire.fireAt());
        }
    }

    private void decide(Fire fire) {
        Job current = fire.trigger() == RunTrigger.CRON ? jobs.of(fire) : fire.job();
        SkipReason refusal = admission.refusal(fire, current);
        if (refusal != null) {
            sender.refuse(fire, refusal, decisions);
        } else {
            sender.send(fire.of(current), current.spec().limits().maxConcurrency(), decisions);
        }
    }
}
