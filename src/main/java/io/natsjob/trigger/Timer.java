package io.natsjob.trigger;

import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.store.JobChange;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import io.natsjob.trigger.Tick.Held;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/**
 * Goes through the seconds in turn. A little before each it collects what is due: fires of recorded jobs go to the claimer,
 * the others straight to dispatch. It never waits for the database or for NATS, so a slow one of them delays no lite or plus
 * fire. A second that comes more than {@link Fire#MAX_LATE_MILLIS} late is held, that is, counted and not sent.
 */
public final class Timer implements AutoCloseable {
    /** How long before its time a second is collected and claimed. */
    public static final long HORIZON_MILLIS = 750;
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final Log LOG = Log.of("trigger");

    private final Roster roster;
    private final SteadyTime time;
    private final Gate gate;
    private final Claimer claimer;
    private final Consumer<FireBatch> dispatch;
    private final Loop loop = Loop.onPlatformThread("timer", this::turn);
    private final ConcurrentLinkedQueue<List<JobChange>> changes = new ConcurrentLinkedQueue<>();
    /** The next second to collect. */
    private long next;
    /** Why the seconds since {@link #heldAfter} were not collected, null when the last one was. */
    private SkipReason held;
    private long heldAfter;
    /** Seconds up to here were passed over by a jump of the wall clock. */
    private long jumpedTo = Long.MIN_VALUE;

    /**
     * The first second that a leader collects, epoch milliseconds. Seconds that the former one has settled do not fire again where
     * the clock went back (docs/rules.md 31).
     */
    public static long first(Term term) {
        return Claimer.wholeSecond(Math.max(term.takenAt(), term.marks().settled())) + 1_000;
    }

    /** @param first the first second to collect, epoch milliseconds */
    public Timer(Roster roster, SteadyTime time, Gate gate, Claimer claimer, Consumer<FireBatch> dispatch, long first) {
        this.roster = roster;
        this.time = time;
        this.gate = gate;
        this.claimer = claimer;
        this.dispatch = dispatch;
        this.next = first;
    }

    /** Goes on with a hold that began before this leader's time, at {@code after}. To be called before {@link #start}. */
    public void heldSince(long after, SkipReason reason) {
        held = reason;
        heldAfter = after;
    }

    public void start() {
        loop.start();
    }

    /** Takes over edits that were committed; applied by the timer's own thread, at once. */
    public void apply(List<JobChange> edits) {
        changes.add(edits);
        loop.wake();
    }

    /** Claims nothing more (docs/rules.md 13). */
    @Override
    public void close() {
        loop.close();
    }

    /** One second if it is due; answers the nanoseconds until the next turn. */
    long turn() {
        applyChanges();
        long untilDue = time.nanosUntil(next - HORIZON_MILLIS);
        if (untilDue > SECOND_NANOS) {
            // Only after a jump backwards: the clock may be set right any moment.
            followClock();
            return SECOND_NANOS;
        }
        if (untilDue > 0) {
            return untilDue;
        }
        if (followClock() < 0) {
            return 0;
        }
        SkipReason closed = closed(time.millis());
        if (closed == null) {
            collect();
        } else {
            hold(closed);
        }
        next += 1_000;
        return 0;
    }

    private void applyChanges() {
        for (List<JobChange> edits = changes.poll(); edits != null; edits = changes.poll()) {
            for (JobChange edit : edits) {
                if (edit.job() == null) {
                    roster.remove(edit.jobId());
                } else {
                    roster.put(edit.job(), next - 1_000);
                }
            }
        }
    }

    private long followClock() {
        long jump = time.follow();
        if (jump > 0) {
            jumpedTo = time.millis();
            LOG.warn("the wall clock jumped forwards, the fires between are misfires", "millis", jump);
        } else if (jump < 0) {
            LOG.warn("the wall clock jumped backwards, nothing fires until it has caught up", "millis", jump);
        }
        return jump;
    }

    private SkipReason closed(long now) {
        if (next <= jumpedTo) {
            return SkipReason.CLOCK;
        }
        return next < now - Fire.MAX_LATE_MILLIS ? SkipReason.MISSED : gate.closed();
    }

    private void hold(SkipReason reason) {
        if (held != reason) {
            endHold();
            held = reason;
            heldAfter = next - 1_000;
            LOG.warn("holding all fires", "why", reason.word());
        }
        roster.collect(next, slot -> { });
        claimer.pass(next);
    }

    private void endHold() {
        if (held != null) {
            claimer.held(new Held(heldAfter, next - 1_000, held));
            LOG.info("a hold is over", "heldMillis", next - 1_000 - heldAfter, "because", held.word());
            held = null;
        }
    }

    private void collect() {
        List<Fire> recorded = new ArrayList<>();
        List<Fire> paused = new ArrayList<>();
        List<Fire> unrecorded = new ArrayList<>();
        roster.collect(next, slot -> {
            Job job = roster.job(slot);
            Fire fire = new Fire(slot, job, next, 0, RunTrigger.CRON, false, job.spec().args(), 0);
            if (!job.spec().recorded()) {
                unrecorded.add(fire);
            } else if (gate.paused(job.app().namespace().id())) {
                paused.add(fire);
            } else {
                recorded.add(fire);
            }
        });
        endHold();
        dispatch.accept(new FireBatch(next, false, unrecorded));
        claimer.offer(new Tick(next, recorded, paused));
    }
}
