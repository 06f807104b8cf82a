package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.log.Log;
import io.natsjob.store.Gap;
import io.natsjob.store.GapTable;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.MisfireTable;
import io.natsjob.store.MissedFire;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.store.StoreException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What becomes of the fires of an outage, whatever its cause: first every gap is evaluated, then what is to be made up goes out. Both go on
 * in small steps between the ticks, from what the database has: nothing that a crash could lose is kept here. For the claimer's thread.
 */
final class Misfires {
    private static final long RETRY_MILLIS = 1_000;
    private static final Log LOG = Log.of("trigger");

    private final Lead lead;
    private final MarkWriter marks;
    private final Evaluation evaluation;
    private final MakeUp makeUp;
    /** Nobody knows what became of the last transaction, or none was made yet. */
    private boolean stale = true;
    private long retryAt;

    Misfires(Lead lead, Roster roster, MarkWriter marks, Consumer<List<Fire>> madeUp) {
        this.lead = lead;
        this.marks = marks;
        this.evaluation = new Evaluation(lead, roster);
        this.makeUp = new MakeUp(lead, roster, evaluation, madeUp);
    }

    /**
     * Does a little of what is left; false when there is nothing to do now.
     *
     * @param firing claims are being made now: what is made up would find its way
     */
    boolean step(boolean firing) {
        if (waits()) {
            return false;
        }
        try {
            refresh();
            return evaluation.step() || firing && makeUp.step();
        } catch (StoreException e) {
            LOG.debug("missed fires wait for the database", "why", e.getMessage());
            stale = true;
            retryAt = lead.time().millis() + RETRY_MILLIS;
            return false;
        }
    }

    /** Evaluates what is left, at a clean stop, for up to {@code limitNanos}; the next leader goes on. Makes nothing up. */
    void finish(long limitNanos) {
        long until = lead.time().nanosUntil(0) - limitNanos;
        boolean more = true;
        while (more && lead.time().nanosUntil(0) > until) {
            more = step(false);
        }
    }

    /** Nanoseconds until {@link #step} may have something to do. */
    long waitNanos(boolean firing) {
        return TimeUnit.MILLISECONDS.toNanos(firing && !waits() ? Math.min(RETRY_MILLIS, makeUp.untilNext()) : RETRY_MILLIS);
    }

    /** After a failure; one that lies further ahead was noted before the clock went back. */
    private boolean waits() {
        long left = retryAt - lead.time().millis();
        return left > 0 && left <= RETRY_MILLIS;
    }

    private void refresh() {
        if (stale) {
            // As a write, behind one whose answer was lost: a mere read could come before its commit.
            lead.database().write(Priority.CLAIM, sql -> {
                if (!LeaderTable.fence(sql, lead.term().number())) {
                    throw new LostTermException(lead.term().number());
                }
                return true;
            });
        }
        if (marks.takeNews() | stale) {
            stale = true;
            lead.database().read(this::load);
            stale = false;
        }
    }

    private boolean load(Sql sql) {
        List<Gap> gaps = GapTable.all(sql);
        List<MissedFire> unjudged = MisfireTable.unjudged(sql);
        evaluation.load(gaps, unjudged);
        makeUp.wake();
        return true;
    }
}
