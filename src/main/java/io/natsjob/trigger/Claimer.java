package io.natsjob.trigger;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.log.Log;
import io.natsjob.store.Pause;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import io.natsjob.trigger.Tick.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes a row of every fire of a recorded job before its time and hands the second on once its claim is committed
 * (docs/rules.md 1 to 8). While the database cannot be reached it hands on nothing; when it is back, the seconds since the last one
 * handed on are left to the evaluation of misfires as {@code db-down} and the claims that were made but not handed on are removed. Between the
 * ticks it evaluates and makes up what an outage left (docs/rules.md 34).
 */
public final class Claimer implements AutoCloseable {
    /** Seconds waiting to be claimed; a second that finds the queue full is counted like one during an outage. */
    static final int QUEUED_SECONDS = 32;
    /** Fires waiting to be claimed, over all queued seconds; a single second may have more. */
    static final int QUEUED_FIRES = 200_000;
    /** Without a tick for so long, what is left to write is written without one. */
    static final long QUIET_MILLIS = 2_000;
    private static final long OLDEST_OPEN_MILLIS = 10_000;
    /** A run's id is made at most this long before the settled mark reaches its fire time. */
    private static final long ID_MARGIN_MILLIS = 60_000;
    /**
     * The newest claim lies at most this far behind while firing goes on: each second one comes, a little ahead of it. Shorter than
     * {@link #QUIET_MILLIS} after that, when what a hold has refused is written: it must wait for the end of the hold.
     */
    private static final long FIRING_MILLIS = 1_000;
    /** A clean stop evaluates for so long; the next leader goes on. */
    private static final long STOP_EVALUATION_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);
    private static final Log LOG = Log.of("trigger");

    /**
     * Where the claimer's fires go and what it asks others.
     *
     * @param dispatch a second's fires, to be sent at its time
     * @param madeUp   missed fires with their rows, to be sent now
     */
    public record Ports(Consumer<FireBatch> dispatch, Consumer<List<Fire>> madeUp, Settlements settlements, Durability durability,
            LongSupplier oldestOpenRun) {}

    private final Lead lead;
    private final SteadyTime time;
    private final Inherited inherited;
    private final Ports ports;
    private final MarkWriter marks;
    private final TickWriter ticks;
    private final Passed passed;
    private final Misfires misfires;
    private final Loop loop = Loop.onPlatformThread("claimer", this::turn);
    private final BlockingQueue<Tick> queue = new ArrayBlockingQueue<>(QUEUED_SECONDS);
    private final AtomicInteger queuedFires = new AtomicInteger();
    /** The newest second that the timer collected. */
    private volatile long offered;
    /** The last second that was handed on or counted; what comes after a hole must first count the hole. */
    private long handled;
    private boolean failing;
    /** Whose commit's answer was lost; null when all is known. Nothing else is written before it is found. */
    private Attempt lost;
    private long firedAt;
    private long oldestOpenAt;
    private long tickedAt;

    public Claimer(Lead lead, Roster roster, Inherited inherited, Ports ports) {
        this.lead = lead;
        this.time = lead.time();
        this.inherited = inherited;
        this.ports = ports;
        this.marks = new MarkWriter(lead.database(), lead.term());
        this.ticks = new TickWriter(lead, marks, inherited, ports);
        this.passed = new Passed(inherited, ports.dispatch());
        this.misfires = new Misfires(lead, roster, marks, ports.madeUp());
        this.oldestOpenAt = time.millis();
        this.tickedAt = time.millis();
        this.handled = wholeSecond(marks.claimed());
        this.offered = handled;
    }

    /**
     * Leaves what passed between the former leader and this one to the evaluation, in one small transaction: recorded jobs from the claimed
     * mark, the others from the settled one. While a pause of everything lasts, only what came before it; the rest follows when it ends.
     *
     * @param pause of everything, as the database has it, or null
     * @return epoch milliseconds: fires of lite and plus jobs up to here are left to the evaluation
     */
    public long passBeforeStart(Pause pause) {
        long now = wholeSecond(lead.term().takenAt());
        boolean lasts = pause != null && pause.resumedAt() == null;
        long upTo = lasts ? Math.min(wholeSecond(marks.claimed()), now) : now;
        Passed.Start start = passed.beforeStart(marks, pause, upTo);
        ports.settlements().passed(upTo);
        marks.whenSettled(upTo, start.unrecorded());
        marks.decided(ports.settlements().take());
        if (lasts) {
            marks.finish(List.of(), List.of(), marks.claimed());
        } else {
            marks.passOver(start.recorded(), ticks.unsent(), upTo, pause != null);
            ticks.removed();
            handled = Math.max(handled, upTo);
        }
        return Math.max(upTo, wholeSecond(marks.settled()));
    }

    public void start() {
        loop.start();
    }

    /** Tells of seconds in which nothing was collected; to be called before the tick behind them is offered. */
    void held(Held held) {
        passed.held(held);
    }

    void offer(Tick tick) {
        int fires = tick.recorded().size();
        int waiting = queuedFires.get();
        if ((waiting == 0 || waiting + fires <= QUEUED_FIRES) && queue.offer(tick)) {
            queuedFires.addAndGet(fires);
        } else {
            handOn(tick.fireAt(), inherited.at(tick.fireAt()));
        }
        offered = tick.fireAt();
        loop.wake();
    }

    /**
     * A second that is held: what a former leader claimed for it goes its way all the same. It stays undecided until the hold is
     * counted. For the timer's thread.
     */
    void pass(long fireAt) {
        List<Fire> ahead = inherited.at(fireAt);
        if (!ahead.isEmpty()) {
            handOn(fireAt, ahead);
        }
    }

    /** Claims what was collected; to be called after the timer has stopped. */
    @Override
    public void close() {
        if (!loop.close(STOP_LIMIT)) {
            return;
        }
        boolean more = true;
        // What else a step does, the evaluation of misfires, has a limit of its own: see settle.
        while (more && !failing && (lost != null || !queue.isEmpty())) {
            more = step();
        }
        for (Tick left = queue.poll(); left != null; left = queue.poll()) {
            handOn(left.fireAt(), inherited.at(left.fireAt()));
        }
    }

    /** Writes what dispatch decided last, at a clean stop, when all threads of the leader have ended. */
    public void settle() {
        try {
            catchUp(offered);
            misfires.finish(STOP_EVALUATION_NANOS);
        } catch (StoreException | LostTermException e) {
            LOG.warn("the last decisions could not be written, the next start counts them as unknown", "why", e.getMessage());
        }
    }

    private long turn() {
        return step() ? 0 : misfires.waitNanos(firing());
    }

    /** What comes between an outage's end and the claim of the next second would be refused, or judged too early. */
    private boolean firing() {
        return !failing && firedAt > time.millis() - FIRING_MILLIS;
    }

    /** Takes one tick, or does a little of what waits for a time without one; false when there is nothing to do but wait. */
    boolean step() {
        try {
            if (lost != null) {
                return find();
            }
            // Read before the queue is: all ticks up to here have been taken from it then.
            long collected = offered;
            Tick tick = queue.poll();
            if (tick == null) {
                quiet(collected);
                return lead.leadership().holds(lead.term()) && misfires.step(firing());
            }
            tickedAt = time.millis();
            queuedFires.addAndGet(-tick.recorded().size());
            process(new Attempt(tick));
            keepOldestOpen();
            return true;
        } catch (LostTermException e) {
            lost = null;
            lead.leadership().stepDown(lead.term(), e.getMessage());
            return true;
        }
    }

    /** Looks up a claim whose commit's answer was lost, before anything else (docs/rules.md 5); false while nobody can tell. */
    private boolean find() {
        Attempt attempt = lost;
        try {
            Optional<List<Fire>> fires = ticks.lookUp(attempt);
            lost = null;
            if (fires.isPresent()) {
                done(attempt.tick(), fires.get());
            } else {
                process(attempt);
            }
        } catch (StoreException e) {
            lost = attempt;
            LOG.debug("whether a claim was committed is not known yet", "second", attempt.tick().fireAt(), "why", e.getMessage());
        }
        return lost == null;
    }

    private void process(Attempt attempt) {
        Tick tick = attempt.tick();
        try {
            marks.resolve(List.of()); // what was written without a tick may be in doubt
            if (tick.fireAt() - 1_000 > handled || passed.endedBefore(tick.fireAt())) {
                passOver(tick.fireAt() - 1_000);
            }
            done(tick, ticks.claim(attempt));
        } catch (StoreException e) {
            if (marks.inDoubt()) {
                LOG.warn("whether a claim was committed is not known, it is looked up first", "second", tick.fireAt(), "why", e.getMessage());
                lost = attempt;
            } else {
                giveUp(tick, e);
            }
        }
    }

    private void done(Tick tick, List<Fire> claimed) {
        ticks.handedOn();
        handled = Math.max(handled, tick.fireAt());
        firedAt = tick.fireAt();
        List<Fire> fires = new ArrayList<>(claimed);
        fires.addAll(inherited.at(tick.fireAt()));
        handOn(tick.fireAt(), fires);
        marks.expectNext(tick.fireAt() + 1_000 - Timer.HORIZON_MILLIS);
        if (failing) {
            failing = false;
            LOG.info("the database takes claims again");
        }
    }

    private void giveUp(Tick tick, StoreException e) {
        if (!failing) {
            LOG.error("the database does not take claims, recorded jobs do not fire until it does", "second", tick.fireAt(), "why", e.getMessage());
        }
        failing = true;
        handOn(tick.fireAt(), inherited.at(tick.fireAt()));
        leaveDue();
    }

    /** Seconds that came while a try was blocked belong to the outage: claimed now, they would all go out late, in one burst. */
    private void leaveDue() {
        for (Tick next = queue.peek(); next != null && next.fireAt() <= time.millis(); next = queue.peek()) {
            queue.remove(next);
            queuedFires.addAndGet(-next.recorded().size());
            handOn(next.fireAt(), inherited.at(next.fireAt()));
        }
    }

    private void handOn(long fireAt, List<Fire> fires) {
        ports.dispatch().accept(new FireBatch(fireAt, true, fires));
    }

    private void passOver(long upTo) {
        marks.resolve(List.of());
        Passed.Found found = passed.find(Math.max(handled, marks.counted()), upTo, marks::whenSettled);
        marks.decided(ports.settlements().take());
        marks.passOver(found.gaps(), ticks.unsent(), upTo, found.paused());
        handled = upTo;
        ticks.removed();
        passed.written();
    }

    /** Writes what is left without a tick: nothing may be open between the last second handed on and the last one collected. */
    private void catchUp(long collected) {
        if (collected > handled) {
            passOver(collected);
            return;
        }
        marks.resolve(List.of());
        marks.decided(ports.settlements().take());
        long committed = ports.durability().committed();
        if (!marks.nothingDecided() || committed != 0) {
            marks.finish(List.of(), List.of(), Math.max(marks.claimed(), handled));
            ports.durability().durable(committed);
        }
    }

    private void quiet(long collected) {
        if (time.millis() - tickedAt < QUIET_MILLIS) {
            return;
        }
        try {
            catchUp(collected);
        } catch (LostTermException e) {
            lead.leadership().stepDown(lead.term(), e.getMessage());
        } catch (StoreException e) {
            LOG.debug("what is decided waits for the database", "why", e.getMessage());
        }
    }

    /** A refused claim is in no memory but its row still there until its second is settled, so the settled mark bounds it too. */
    private void keepOldestOpen() {
        if (time.millis() - oldestOpenAt < OLDEST_OPEN_MILLIS) {
            return;
        }
        oldestOpenAt = time.millis();
        try {
            marks.oldestOpen(Math.min(ports.oldestOpenRun().getAsLong(), RunIds.floor(marks.settled() - ID_MARGIN_MILLIS)));
        } catch (StoreException e) {
            LOG.debug("the oldest open run is noted later", "why", e.getMessage());
        }
    }

    static long wholeSecond(long millis) {
        return millis - Math.floorMod(millis, 1_000);
    }
}
