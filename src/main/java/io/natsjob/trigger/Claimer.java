package io.natsjob.trigger;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.NewRun;
import io.natsjob.store.Pause;
import io.natsjob.store.StoreException;
import io.natsjob.store.Tally;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import io.natsjob.trigger.Tick.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes a row of every fire of a recorded job before its time and hands the second on once its claim is committed
 * (docs/rules.md 1 to 8). While the database cannot be reached it hands on nothing; when it is back, the seconds since the last one
 * handed on are counted as {@code db-down} and the claims that were made but not handed on are removed.
 */
public final class Claimer implements AutoCloseable {
    /** Seconds waiting to be claimed; a second that finds the queue full is counted like one during an outage. */
    static final int QUEUED_SECONDS = 32;
    /** Fires waiting to be claimed, over all queued seconds; a single second may have more. */
    static final int QUEUED_FIRES = 200_000;
    static final int MAX_CHUNK_ROWS = 5_000;
    /** Without a tick for so long, what is left to write is written without one. */
    static final long QUIET_MILLIS = 2_000;
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Marks that nothing else moves are written this often, so that a start has not much to look through. */
    private static final long IDLE_MARK_MILLIS = 60_000;
    private static final long OLDEST_OPEN_MILLIS = 10_000;
    /** A run's id is made at most this long before the settled mark reaches its fire time. */
    private static final long ID_MARGIN_MILLIS = 60_000;
    private static final Duration STOP_LIMIT = Duration.ofSeconds(8);
    private static final Log LOG = Log.of("trigger");

    /** What the claimer works with, beyond the database. */
    public record Ports(Consumer<FireBatch> dispatch, Settlements settlements, Durability durability, LongSupplier oldestOpenRun) {}

    private final Leadership leadership;
    private final Term term;
    private final SteadyTime time;
    private final RunIds ids;
    private final Inherited inherited;
    private final Ports ports;
    private final MarkWriter marks;
    private final Passed passed;
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
    private int chunkRows = MAX_CHUNK_ROWS;
    /** Rows of seconds that were given up before they were handed on, by the term of their claim. */
    private final Map<Long, List<Long>> unsent;
    private long markWrittenAt;
    private long oldestOpenAt;
    private long tickedAt;

    public Claimer(Database database, Leadership leadership, Term term, Roster roster, SteadyTime time, RunIds ids, Inherited inherited, Ports ports) {
        this.leadership = leadership;
        this.term = term;
        this.time = time;
        this.ids = ids;
        this.inherited = inherited;
        this.ports = ports;
        this.marks = new MarkWriter(database, term);
        this.passed = new Passed(new MissedFires(roster), inherited, ports.dispatch());
        this.markWrittenAt = time.millis();
        this.oldestOpenAt = time.millis();
        this.tickedAt = time.millis();
        this.unsent = new HashMap<>(inherited.halfClaimed());
        this.handled = wholeSecond(marks.claimed());
        this.offered = handled;
    }

    /**
     * Counts what passed between the former leader and this one: recorded jobs from the claimed mark, the others from the
     * settled one. While a pause of everything lasts, only what came before it; the rest is counted when it ends.
     *
     * @param pause of everything, as the database has it, or null
     * @return epoch milliseconds: fires of lite and plus jobs up to here are counted
     */
    public long countBeforeStart(Pause pause) {
        long now = wholeSecond(term.takenAt());
        boolean lasts = pause != null && pause.resumedAt() == null;
        long upTo = lasts ? Math.min(wholeSecond(marks.claimed()), now) : now;
        Passed.Start start = passed.beforeStart(marks, pause, upTo);
        ports.settlements().passed(upTo);
        marks.whenSettled(upTo, start.unrecorded());
        marks.decided(ports.settlements().take());
        if (lasts) {
            marks.finish(List.of(), List.of(), marks.claimed());
        } else {
            marks.passOver(start.recorded(), unsent, upTo, pause != null);
            unsent.clear();
            handled = Math.max(handled, upTo);
        }
        if (start.fires() > 0) {
            LOG.warn("fires passed while no server led", "fires", start.fires());
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
        while (more && !failing) {
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
        } catch (StoreException | LostTermException e) {
            LOG.warn("the last decisions could not be written, the next start counts them as unknown", "why", e.getMessage());
        }
    }

    private long turn() {
        return step() ? 0 : TimeUnit.SECONDS.toNanos(1);
    }

    /** Takes one tick, or writes what has waited for one for long; false when there is nothing to do but wait. */
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
                return false;
            }
            tickedAt = time.millis();
            queuedFires.addAndGet(-tick.recorded().size());
            process(new Attempt(tick));
            keepOldestOpen();
            return true;
        } catch (LostTermException e) {
            lost = null;
            leadership.stepDown(term, e.getMessage());
            return true;
        }
    }

    /** Looks up a claim whose commit's answer was lost, before anything else (docs/rules.md 5); false while nobody can tell. */
    private boolean find() {
        Attempt attempt = lost;
        try {
            Optional<Set<Long>> ours = marks.resolve(attempt.begun() ? attempt.rows(ids, time.millis()) : List.of());
            lost = null;
            if (ours.isPresent() && attempt.begun()) {
                done(attempt.tick(), attempt.fires(ours.get()));
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
                countPassed(tick.fireAt() - 1_000);
            }
            done(tick, claim(attempt));
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
        unsent.remove(term.number());
        handled = Math.max(handled, tick.fireAt());
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

    private void countPassed(long upTo) {
        marks.resolve(List.of());
        Passed.Count count = passed.count(Math.max(handled, marks.counted()), upTo, marks::whenSettled);
        marks.decided(ports.settlements().take());
        marks.passOver(count.recorded(), unsent, upTo, count.paused());
        handled = upTo;
        unsent.clear();
        passed.written();
        LOG.info("counted the fires that passed", "why", count.reasons(), "jobs", count.recorded().size(), "fires", count.fires());
    }

    /** Writes what is left without a tick: nothing may be open between the last second handed on and the last one collected. */
    private void catchUp(long collected) {
        if (collected > handled) {
            countPassed(collected);
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
            leadership.stepDown(term, e.getMessage());
        } catch (StoreException e) {
            LOG.debug("what is decided waits for the database", "why", e.getMessage());
        }
    }

    private List<Fire> claim(Attempt attempt) {
        Tick tick = attempt.tick();
        if (tick.fireAt() <= term.marks().claimed()) {
            return List.of();
        }
        if (time.millis() > tick.fireAt() + Timer.MAX_LATE_MILLIS) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the claim came over 30 s late");
        }
        List<NewRun> rows = attempt.rows(ids, time.millis());
        Set<Long> ours = new HashSet<>();
        int from = 0;
        while (rows.size() - from > chunkRows) {
            List<NewRun> chunk = rows.subList(from, from + chunkRows);
            from += chunk.size();
            long began = time.nanosUntil(0);
            noteUnsent(chunk);
            ours.addAll(marks.insert(chunk));
            adapt(chunk.size(), began - time.nanosUntil(0));
        }
        ours.addAll(finish(tick, rows.subList(from, rows.size())));
        return attempt.fires(ours);
    }

    private Set<Long> finish(Tick tick, List<NewRun> last) {
        marks.decided(ports.settlements().take());
        long committed = ports.durability().committed();
        boolean nothing = tick.recorded().isEmpty() && tick.paused().isEmpty() && inherited.at(tick.fireAt()).isEmpty() && marks.nothingDecided();
        if (nothing && committed == 0 && tick.fireAt() - markWrittenAt < IDLE_MARK_MILLIS) {
            return Set.of();
        }
        noteUnsent(last);
        Set<Long> ours = marks.finish(last, passed.paused(tick), tick.fireAt());
        markWrittenAt = tick.fireAt();
        ports.durability().durable(committed);
        return ours;
    }

    private void noteUnsent(List<NewRun> rows) {
        unsent.computeIfAbsent(term.number(), of -> new ArrayList<>()).addAll(rows.stream().map(NewRun::id).toList());
    }

    /** Keeps a chunk at about 50 ms, so that nobody waits long behind it. */
    private void adapt(int rows, long nanos) {
        long fitting = nanos <= 0 ? MAX_CHUNK_ROWS : rows * CHUNK_NANOS / nanos;
        chunkRows = Math.clamp(fitting, 100, MAX_CHUNK_ROWS);
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
