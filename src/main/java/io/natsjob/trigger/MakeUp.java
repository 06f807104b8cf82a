package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.store.KeyOwner;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.MissedFire;
import io.natsjob.store.NewRun;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Takes missed fires from the queue in its order, at most {@value #PER_SECOND} a second: in one durable transaction each leaves the queue
 * and gets its row, or is counted where its job no longer wants it; then they are handed on. So what a crash leaves in the queue was
 * surely not sent, and what has a row is judged like any claim (docs/rules.md 34). For the claimer's thread.
 */
final class MakeUp {
    static final int PER_SECOND = 1_000;
    static final int AT_ONCE = 250;

    /** @param claims the rows to be, of those in {@code taken} that are still wanted */
    private record Batch(List<MissedFire> taken, Claims claims, List<Tally> tallies) {}

    private final Lead lead;
    private final Roster roster;
    private final Evaluation evaluation;
    private final RunKeys keys;
    private final Consumer<List<Fire>> madeUp;
    /** Whether the queue may have something. */
    private boolean waiting;
    private long nextAt;
    /** Whose commit's answer was lost. */
    private Batch lost;

    MakeUp(Lead lead, Roster roster, Evaluation evaluation, Consumer<List<Fire>> madeUp) {
        this.lead = lead;
        this.roster = roster;
        this.evaluation = evaluation;
        this.keys = new RunKeys(lead.database(), lead.term());
        this.madeUp = madeUp;
    }

    /** The queue may have got something. */
    void wake() {
        waiting = true;
    }

    /** Milliseconds until the next may go, or {@link Long#MAX_VALUE} while none waits. */
    long untilNext() {
        long until = nextAt - lead.time().millis();
        if (until > PER_SECOND) {
            nextAt = 0; // the clock went back
            until = 0;
        }
        return waiting ? Math.max(0, until) : Long.MAX_VALUE;
    }

    /** Claims and hands on the next; false when none waits or it is too early. */
    boolean step() {
        if (lost != null) {
            find();
        }
        if (untilNext() > 0) {
            return false;
        }
        List<MissedFire> first = lead.database().read(sql -> MisfireTable.first(sql, AT_ONCE));
        waiting = !first.isEmpty();
        if (waiting) {
            take(judge(first));
        }
        return waiting;
    }

    private Batch judge(List<MissedFire> first) {
        List<Fire> wanted = new ArrayList<>(first.size());
        List<Tally> tallies = new ArrayList<>();
        Set<List<Long>> seen = HashSet.newHashSet(first.size());
        for (MissedFire missed : first) {
            if (!seen.add(List.of(missed.jobId(), missed.fireAt()))) {
                continue; // Seconds that passed twice, where the clock went back: one row, which the second could not have.
            }
            int slot = roster.slot(missed.jobId());
            Job job = roster.job(slot);
            if (job == null || !job.spec().recorded() || !roster.firesAt(slot, missed.fireAt())) {
                tallies.add(Tally.one(missed.jobId(), SkipReason.CHANGED.word(), missed.fireAt()));
            } else if (Evaluation.wanted(job) <= (missed.judged() ? 0 : evaluation.unjudgedBehind(missed))) {
                tallies.add(Tally.one(missed.jobId(), missed.reason(), missed.fireAt()));
            } else {
                wanted.add(new Fire(slot, job, missed.fireAt(), 0, RunTrigger.MISFIRE, false, job.spec().args(), 0));
            }
        }
        return new Batch(first, new Claims(wanted), tallies);
    }

    private void take(Batch batch) {
        List<NewRun> rows = batch.claims.rows(lead.rows(), lead.time().millis());
        try {
            handOn(batch, commit(batch, rows));
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.DUPLICATE) {
                // The fire has a run already, perhaps of a life that a restored backup does not know the end of.
                Map<Long, KeyOwner> taken = keys.taken(rows);
                handOn(batch, commit(batch, rows.stream().filter(row -> !taken.containsKey(row.id())).toList()));
            } else {
                throw e;
            }
        }
    }

    private Set<Long> commit(Batch batch, List<NewRun> rows) {
        try {
            lead.database().writeDurably(Priority.CLAIM, sql -> transaction(sql, batch, rows));
        } catch (StoreException e) {
            lost = e.kind() == StoreException.Kind.COMMIT_UNKNOWN ? batch : null;
            throw e;
        }
        return RunKeys.ids(rows);
    }

    private boolean transaction(Sql sql, Batch batch, List<NewRun> rows) {
        fence(sql);
        if (MisfireTable.remove(sql, batch.taken) != batch.taken.size()) {
            throw new IllegalStateException("missed fires have left the queue by another way, from " + batch.taken.getFirst());
        }
        RunTable.insert(sql, lead.term().number(), rows);
        TallyTable.add(sql, MarkWriter.TALLY_WRITER, batch.tallies);
        return true;
    }

    private void handOn(Batch batch, Set<Long> ours) {
        nextAt = Math.max(nextAt, lead.time().millis()) + batch.taken.size() * 1_000L / PER_SECOND;
        List<Fire> fires = batch.claims.fires(ours);
        if (!fires.isEmpty()) {
            madeUp.accept(fires);
        }
    }

    /** Behind a write, which waits for the lost one: a mere read could come before its commit (docs/rules.md 5). */
    private void find() {
        Batch batch = lost;
        lead.database().write(Priority.CLAIM, sql -> {
            fence(sql);
            return true;
        });
        Set<Long> ours = keys.ours(batch.claims.rows(lead.rows(), lead.time().millis()));
        lost = null;
        if (!ours.isEmpty()) {
            handOn(batch, ours);
        }
    }

    private void fence(Sql sql) {
        if (!LeaderTable.fence(sql, lead.term().number())) {
            throw new LostTermException(lead.term().number());
        }
    }
}
