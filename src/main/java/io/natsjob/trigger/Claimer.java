package io.natsjob.trigger;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.RunNames;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.NewRun;
import io.natsjob.store.Settlement;
import io.natsjob.store.StoreException;
import io.natsjob.store.Tally;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import io.natsjob.trigger.Tick.Held;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Makes a row of every fire of a recorded job before its time and hands the second on once its claim is committed
 * (docs/rules.md 1 to 8). While the database cannot be reached it hands on nothing; when it is back, the seconds since the claimed
 * mark are counted as {@code db-down} and the claims that were made but not handed on are removed.
 */
public final class Claimer implements AutoCloseable {
    /** Seconds waiting to be claimed; a second that finds the queue full is counted like one during an outage. */
    static final int QUEUED_SECONDS = 32;
    /** Fires waiting to be claimed, over all queued seconds. */
    static final int QUEUED_FIRES = 200_000;
    static final int MAX_CHUNK_ROWS = 5_000;
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Marks that nothing else moves are written this often, so that a start has not much to look through. */
    private static final long IDLE_MARK_MILLIS = 60_000;
    private static final long OLDEST_OPEN_MILLIS = 10_000;
    private static final Settlement NOTHING = new Settlement(0, List.of(), List.of());
    private static final Log LOG = Log.of("trigger");

    /** What the claimer works with, beyond the database. */
    public record Ports(Consumer<FireBatch> dispatch, Settlements settlements, Durability durability, LongSupplier oldestOpenRun) {}

    private final Leadership leadership;
    private final Term term;
    private final SteadyTime time;
    private final RunIds ids;
    private final MissedFires missed;
    private final Ports ports;
    private final MarkWriter marks;
    private final Loop loop = Loop.onPlatformThread("claimer", this::turn);
    private final BlockingQueue<Tick> queue = new ArrayBlockingQueue<>(QUEUED_SECONDS);
    private final AtomicInteger queuedFires = new AtomicInteger();
    private final ConcurrentLinkedQueue<Held> holds = new ConcurrentLinkedQueue<>();
    /** By second: claims of the former leader that are this one's to send. */
    private final Map<Long, List<Fire>> takenOver;
    /** The last second that was handed on or counted; what comes after a hole must first count the hole. */
    private long handled;
    private boolean failing;
    private int chunkRows = MAX_CHUNK_ROWS;
    private Settlement unwritten = NOTHING;
    /** Rows of a second that was given up before it was handed on. */
    private final List<Long> unsent = new ArrayList<>();
    private long markWrittenAt;
    private long oldestOpenAt;

    public Claimer(Database database, Leadership leadership, Term term, Roster roster, SteadyTime time, RunIds ids, Map<Long, List<Fire>> takenOver,
            Ports ports) {
        this.leadership = leadership;
        this.term = term;
        this.time = time;
        this.ids = ids;
        this.missed = new MissedFires(roster);
        this.takenOver = takenOver;
        this.ports = ports;
        this.marks = new MarkWriter(database, term);
        this.markWrittenAt = time.millis();
        this.oldestOpenAt = time.millis();
        this.handled = wholeSecond(term.takenAt());
    }

    /** Counts what passed between the former leader and this one: recorded jobs from the claimed mark, the others from the settled one. */
    public void countBeforeStart() {
        long upTo = wholeSecond(term.takenAt());
        List<Tally> tallies = new ArrayList<>(missed.count(job -> job.spec().recorded(), marks.claimed(), upTo, SkipReason.MISSED));
        tallies.addAll(missed.count(job -> !job.spec().recorded(), term.marks().settled(), upTo, SkipReason.UNKNOWN));
        marks.passOver(tallies, List.of(), upTo, new Settlement(upTo, List.of(), List.of()), SkipReason.MISSED);
        ports.settlements().passed(upTo);
        if (!tallies.isEmpty()) {
            LOG.warn("fires passed while no server led", "jobs", tallies.size(), "fires", tallies.stream().mapToLong(Tally::count).sum());
        }
    }

    public void start() {
        loop.start();
    }

    /** Tells of seconds in which nothing was collected; to be called before the tick behind them is offered. */
    void held(Held held) {
        holds.add(held);
    }

    void offer(Tick tick) {
        int fires = tick.recorded().size();
        if (queuedFires.get() + fires <= QUEUED_FIRES && queue.offer(tick)) {
            queuedFires.addAndGet(fires);
        } else {
            ports.dispatch().accept(new FireBatch(tick.fireAt(), true, List.of()));
        }
        loop.wake();
    }

    /** Claims what was collected, then writes what dispatch has decided meanwhile; to be called after the timer has stopped. */
    @Override
    public void close() {
        loop.close(Duration.ofSeconds(8));
    }

    /** Writes what dispatch decided last, at a clean stop, when all threads of the leader have ended. */
    public void settle() {
        try {
            unwritten = unwritten.and(ports.settlements().take());
            marks.finish(List.of(), marks.claimed(), unwritten);
        } catch (StoreException | LostTermException e) {
            LOG.warn("the last decisions could not be written, the next start counts them as unknown", "why", e.getMessage());
        }
    }

    private long turn() {
        Tick tick = queue.poll();
        if (tick == null) {
            return TimeUnit.SECONDS.toNanos(1);
        }
        queuedFires.addAndGet(-tick.recorded().size());
        try {
            process(tick);
        } catch (LostTermException e) {
            leadership.stepDown(term, e.getMessage());
        } catch (StoreException e) {
            giveUp(tick, e);
        }
        return 0;
    }

    private void process(Tick tick) {
        if (tick.fireAt() - 1_000 > handled) {
            countPassed(tick.fireAt() - 1_000);
        }
        List<Fire> ours = tick.fireAt() <= term.marks().claimed() ? takenOver.getOrDefault(tick.fireAt(), List.of()) : claim(tick);
        handled = tick.fireAt();
        ports.dispatch().accept(new FireBatch(tick.fireAt(), true, ours));
        keepOldestOpen();
        if (failing) {
            failing = false;
            LOG.info("the database takes claims again");
        }
    }

    private void giveUp(Tick tick, StoreException e) {
        if (!failing) {
            LOG.error("the database does not take claims, recorded jobs do not fire until it does", e, "second", tick.fireAt());
        }
        failing = true;
        ports.dispatch().accept(new FireBatch(tick.fireAt(), true, List.of()));
    }

    private void countPassed(long upTo) {
        SkipReason reason = holds.isEmpty() ? SkipReason.DB_DOWN : holds.peek().reason();
        List<Tally> tallies = new ArrayList<>(missed.count(job -> job.spec().recorded(), marks.claimed(), upTo, reason));
        List<Held> counted = holds.stream().filter(held -> held.upTo() <= upTo).toList();
        for (Held held : counted) {
            // Only a hold stops lite and plus; without the database they went on.
            tallies.addAll(missed.count(job -> !job.spec().recorded(), held.after(), held.upTo(), held.reason()));
        }
        ports.settlements().passed(upTo);
        unwritten = unwritten.and(ports.settlements().take());
        marks.passOver(tallies, unsent, upTo, unwritten, reason);
        handled = upTo;
        unwritten = NOTHING;
        unsent.clear();
        holds.removeAll(counted);
        LOG.info("counted the fires that passed", "why", reason.word(), "jobs", tallies.size(), "fires", tallies.stream().mapToLong(Tally::count).sum());
    }

    private List<Fire> claim(Tick tick) {
        if (time.millis() > tick.fireAt() + Timer.MAX_LATE_MILLIS) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the claim came over 30 s late");
        }
        List<NewRun> rows = rows(tick);
        Set<Long> ours = new HashSet<>();
        int from = 0;
        while (rows.size() - from > chunkRows) {
            List<NewRun> chunk = rows.subList(from, from + chunkRows);
            from += chunk.size();
            long began = time.nanosUntil(0);
            unsent.addAll(chunk.stream().map(NewRun::id).toList());
            ours.addAll(marks.insert(chunk));
            adapt(chunk.size(), began - time.nanosUntil(0));
        }
        List<NewRun> last = rows.subList(from, rows.size());
        unwritten = unwritten.and(ports.settlements().take());
        long committed = ports.durability().committed();
        if (last.isEmpty() && unwritten.isEmpty() && committed == 0 && tick.fireAt() - markWrittenAt < IDLE_MARK_MILLIS) {
            return List.of();
        }
        unsent.addAll(last.stream().map(NewRun::id).toList());
        ours.addAll(marks.finish(last, tick.fireAt(), unwritten));
        unwritten = NOTHING;
        unsent.clear();
        markWrittenAt = tick.fireAt();
        ports.durability().durable(committed);
        return handedOn(tick, rows, ours);
    }

    /** Keeps a chunk at about 50 ms, so that nobody waits long behind it. */
    private void adapt(int rows, long nanos) {
        long fitting = nanos <= 0 ? MAX_CHUNK_ROWS : rows * CHUNK_NANOS / nanos;
        chunkRows = Math.clamp(fitting, 100, MAX_CHUNK_ROWS);
    }

    private List<NewRun> rows(Tick tick) {
        long now = time.millis();
        List<NewRun> rows = new ArrayList<>(tick.recorded().size());
        for (Fire fire : tick.recorded()) {
            Job job = fire.job();
            long deadline = Math.max(fire.fireAt(), now) + job.spec().limits().timeoutMillis();
            rows.add(new NewRun(ids.next(), job.id(), job.version(), RunNames.of(job), fire.trigger(), fire.fireAt(), 1, deadline, fire.args()));
        }
        return rows;
    }

    private static List<Fire> handedOn(Tick tick, List<NewRun> rows, Set<Long> ours) {
        List<Fire> fires = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            if (ours.contains(rows.get(i).id())) {
                fires.add(tick.recorded().get(i).claimed(rows.get(i).id(), rows.get(i).deadlineAt()));
            } else {
                LOG.warn("a fire belongs to another claim", "job", rows.get(i).jobId(), "fireAt", rows.get(i).fireAt());
            }
        }
        return fires;
    }

    private void keepOldestOpen() {
        if (time.millis() - oldestOpenAt >= OLDEST_OPEN_MILLIS) {
            marks.oldestOpen(ports.oldestOpenRun().getAsLong());
            oldestOpenAt = time.millis();
        }
    }

    static long wholeSecond(long millis) {
        return millis - Math.floorMod(millis, 1_000);
    }
}
