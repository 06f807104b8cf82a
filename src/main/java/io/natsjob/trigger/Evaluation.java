package io.natsjob.trigger;

import io.natsjob.job.Job;
import io.natsjob.job.Timing;
import io.natsjob.log.Log;
import io.natsjob.store.Gap;
import io.natsjob.store.GapTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.MissedFire;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Goes through the gaps, job by job in the order of their ids, a chunk at a time: what a job's misfire policy makes up is put into the queue
 * of misfires, the rest is counted, and the cursor moves in the same transaction, so that a crash neither doubles nor loses a fire
 * (docs/rules.md 34). For the claimer's thread, between the ticks.
 */
final class Evaluation {
    static final int MAX_CHUNK_ROWS = 5_000;
    /** For the search of a chunk, and again for its transaction. */
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final Log LOG = Log.of("trigger");

    /** What the jobs of a chunk make of a gap. */
    private record Chunk(List<Tally> tallies, List<MissedFire> again, List<MissedFire> overtaken) {
        int rows() {
            return tallies.size() + again.size();
        }
    }

    private final Lead lead;
    private final Roster roster;
    private final MissedFires search = new MissedFires();
    private final ArrayDeque<Gap> gaps = new ArrayDeque<>();
    /** Claims that could not be sent and are to be made up, by job, oldest first. */
    private final Map<Long, List<MissedFire>> unjudged = new HashMap<>();
    /** The jobs of the first gap, sorted; null before it is begun. */
    private long[] jobs;
    private int position;
    private int chunkRows = MAX_CHUNK_ROWS;
    private long seenJobs;
    private long counted;
    private long madeUp;

    Evaluation(Lead lead, Roster roster) {
        this.lead = lead;
        this.roster = roster;
    }

    /** Takes over what the database has. */
    void load(List<Gap> stored, List<MissedFire> waiting) {
        gaps.clear();
        gaps.addAll(stored);
        jobs = null;
        unjudged.clear();
        waiting.forEach(fire -> unjudged.computeIfAbsent(fire.jobId(), job -> new ArrayList<>()).add(fire));
    }

    /** Claims of the job that could not be sent and are to be made up, later than {@code fire}. */
    long unjudgedBehind(MissedFire fire) {
        return unjudged.getOrDefault(fire.jobId(), List.of()).stream().filter(other -> other.fireAt() > fire.fireAt()).count();
    }

    /** How many of a job's newest missed fires are made up. */
    static int wanted(Job job) {
        Timing timing = job.spec().timing();
        return !job.spec().recorded() ? 0 : switch (timing.misfire()) {
            case SKIP -> 0;
            case FIRE_ONCE -> 1;
            case FIRE_ALL -> timing.misfireMax();
        };
    }

    /** Evaluates the next chunk; false when there is none. After an exception {@link #load} comes first. */
    boolean step() {
        Gap gap = gaps.peek();
        if (gap == null) {
            return false;
        }
        if (jobs == null) {
            begin(gap);
        }
        Chunk chunk = next(gap);
        boolean last = position == jobs.length;
        Gap moved = new Gap(gap.id(), gap.recorded(), gap.after(), gap.upTo(), gap.reason(), position == 0 ? gap.cursor() : jobs[position - 1]);
        long began = lead.time().nanosUntil(0);
        lead.database().write(Priority.CLAIM, sql -> commit(sql, chunk, gap, last ? null : moved));
        adapt(chunk.rows(), began - lead.time().nanosUntil(0));
        committed(chunk, last ? null : moved);
        return true;
    }

    private void begin(Gap gap) {
        jobs = roster.ids();
        int at = Arrays.binarySearch(jobs, gap.cursor());
        position = at < 0 ? -at - 1 : at + 1;
        seenJobs = 0;
        counted = 0;
        madeUp = 0;
    }

    private Chunk next(Gap gap) {
        Chunk chunk = new Chunk(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        long until = lead.time().nanosUntil(0) - CHUNK_NANOS;
        while (position < jobs.length && chunk.rows() < chunkRows && lead.time().nanosUntil(0) > until) {
            Roster.Entry entry = roster.entry(roster.slot(jobs[position++]));
            if (entry != null && entry.schedule() != null && entry.job().live() && entry.job().spec().recorded() == gap.recorded()) {
                evaluate(gap, entry, chunk);
            }
        }
        return chunk;
    }

    private void evaluate(Gap gap, Roster.Entry entry, Chunk chunk) {
        Job job = entry.job();
        int missed = search.search(job.spec().timing(), entry.schedule(), gap.after(), gap.upTo());
        if (missed == 0) {
            return;
        }
        int again = Math.min(wanted(job), missed);
        for (int n = again - 1; n >= 0; n--) {
            chunk.again.add(new MissedFire(0, job.id(), search.newest(n), gap.reason(), true));
        }
        if (missed > again) {
            chunk.tallies.add(new Tally(job.id(), Tally.hourOf(gap.upTo()), gap.reason(), missed - again, search.newest(again)));
        }
        List<MissedFire> older = unjudged.getOrDefault(job.id(), List.of());
        for (MissedFire fire : older.subList(0, Math.max(0, older.size() - (wanted(job) - again)))) {
            chunk.overtaken.add(fire);
            chunk.tallies.add(Tally.one(job.id(), fire.reason(), fire.fireAt()));
        }
        seenJobs++;
        counted += missed - again;
        madeUp += again;
    }

    /** @param moved null when the gap is done with */
    private boolean commit(Sql sql, Chunk chunk, Gap gap, Gap moved) {
        if (!LeaderTable.fence(sql, lead.term().number())) {
            throw new LostTermException(lead.term().number());
        }
        if (moved == null ? !GapTable.remove(sql, gap) : !GapTable.move(sql, gap, moved.cursor())) {
            throw new IllegalStateException("the cursor of " + gap + " is elsewhere in the database");
        }
        MisfireTable.add(sql, chunk.again);
        MisfireTable.remove(sql, chunk.overtaken);
        TallyTable.add(sql, MarkWriter.TALLY_WRITER, chunk.tallies);
        return true;
    }

    private void committed(Chunk chunk, Gap moved) {
        Gap done = gaps.remove();
        chunk.overtaken.forEach(fire -> unjudged.get(fire.jobId()).remove(fire));
        if (moved != null) {
            gaps.addFirst(moved);
            return;
        }
        jobs = null;
        if (counted + madeUp > 0) {
            LOG.warn("evaluated the fires that passed", "why", done.reason(), "seconds", (done.upTo() - done.after()) / 1_000, "jobs", seenJobs,
                    "counted", counted, "madeUp", madeUp);
        }
    }

    private void adapt(int rows, long nanos) {
        if (rows > 0) {
            chunkRows = nanos <= 0 ? MAX_CHUNK_ROWS : Math.clamp(rows * CHUNK_NANOS / nanos, 100, MAX_CHUNK_ROWS);
        }
    }
}
