package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.time.SteadyTime;
import java.util.Optional;

/** Takes and gives up the right to lead, and answers whether this server holds it. */
public final class Leadership {
    /** A mark further ahead was written by a clock that was wrong; the unique keys of the runs guard then (docs/rules.md 31). */
    private static final long MAX_AHEAD_MILLIS = 10_000;
    /** How far ahead of its clock a leader claims. */
    private static final long HORIZON_MILLIS = 1_000;
    private static final Log LOG = Log.of("cluster");

    private final Database database;
    private final SteadyTime time;
    private volatile Term current;

    public Leadership(Database database, SteadyTime time) {
        this.database = database;
        this.time = time;
    }

    /**
     * Raises the term by compare-and-set from the value read before (docs/rules.md 9). Nothing means that another server raised
     * it in between. A database that has never been led gets its marks set to now: it has no past to make up.
     */
    public Optional<Term> take() {
        long before = database.read(LeaderTable::read).term();
        Optional<Term> taken = database.writeDurably(Priority.EDIT, sql -> raise(sql, before))
                // The commit may have waited: what the former leader sent until then was its own to send (docs/rules.md 10).
                .map(term -> new Term(term.number(), takenAt(term.marks()), term.marks(), term.left()));
        taken.ifPresent(term -> {
            current = term;
            LOG.info("leading", "term", term.number());
        });
        return taken;
    }

    /** Claims further ahead than a leader makes them mean that the clock went back: any of them may have been sent. */
    private long takenAt(Marks marks) {
        long now = time.millis();
        return marks.claimed() > now + HORIZON_MILLIS ? marks.claimed() : now;
    }

    private Optional<Term> raise(Sql sql, long before) {
        if (!LeaderTable.raiseTerm(sql, before)) {
            return Optional.empty();
        }
        Marks left = LeaderTable.read(sql);
        long now = time.millis();
        if (left.claimed() == 0) {
            LeaderTable.moveMarks(sql, left.term(), now, now);
            left = LeaderTable.read(sql);
        } else if (left.claimed() > now + MAX_AHEAD_MILLIS) {
            LOG.warn("the claimed mark lies ahead of the clock, it is set to now", "millis", left.claimed() - now);
            LeaderTable.correctClaimed(sql, left.term(), now);
        }
        return Optional.of(new Term(left.term(), now, LeaderTable.read(sql), left));
    }

    /** Whether this server may act as the leader of {@code term} now. */
    public boolean holds(Term term) {
        return current == term;
    }

    public boolean leads() {
        return current != null;
    }

    /** The term that this server leads, 0 when it does not lead. */
    public long number() {
        Term term = current;
        return term == null ? 0 : term.number();
    }

    /** Stops acting as the leader of {@code term}, at once and for good. */
    public void stepDown(Term term, String why) {
        if (current == term) {
            current = null;
            LOG.warn("no longer leading", "term", term.number(), "why", why);
        }
    }

    /** Gives the term up at a clean stop. */
    public void release(Term term) {
        if (current == term) {
            current = null;
            LOG.info("gave up the lead", "term", term.number());
        }
    }
}
