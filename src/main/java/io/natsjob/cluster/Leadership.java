package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Marks;
import io.natsjob.store.Priority;
import io.natsjob.store.Sql;
import io.natsjob.time.SteadyTime;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Takes and gives up the right to lead, and answers whether this server holds it: its lease is valid at this moment, and no other
 * server has raised the term. A term outlives a break of the lease if nobody raised it meanwhile (docs/rules.md 14).
 */
public final class Leadership {
    /** A mark further ahead was written by a clock that was wrong; the unique keys of the runs guard then (docs/rules.md 31). */
    private static final long MAX_AHEAD_MILLIS = 10_000;
    /** How far ahead of its clock a leader claims. */
    private static final long HORIZON_MILLIS = 1_000;
    private static final Log LOG = Log.of("cluster");

    private final Database database;
    private final SteadyTime time;
    private final LongSupplier tenure;
    private volatile Led led;

    /** A term, and the tenure of the lease in which it was taken or found to stand still. */
    private record Led(Term term, long tenure) {}

    /** Without a lease: for one that is surely alone on its database. */
    public Leadership(Database database, SteadyTime time) {
        this(database, time, () -> 1);
    }

    /** @param tenure the number of the lease's tenure that is valid at this moment, 0 for none; asked before each deed */
    public Leadership(Database database, SteadyTime time, LongSupplier tenure) {
        this.database = database;
        this.time = time;
        this.tenure = tenure;
    }

    /** As {@link #take(long)}, from the term that stands now: for one that is alone. */
    public Optional<Term> take() {
        return take(database.read(LeaderTable::read).term());
    }

    /**
     * Raises the term by compare-and-set from the value read before the lease was taken (docs/rules.md 9). Nothing means that another
     * server raised it in between, or that the lease is not valid: then this server must not lead. A database that has never been led
     * gets its marks set to now: it has no past to make up.
     */
    public Optional<Term> take(long before) {
        long holding = tenure.getAsLong();
        if (holding == 0) {
            return Optional.empty();
        }
        Optional<Term> taken = database.writeDurably(Priority.EDIT, sql -> raise(sql, before))
                // The commit may have waited: what the former leader sent until then was its own to send (docs/rules.md 10).
                .map(term -> new Term(term.number(), takenAt(term.marks()), term.marks(), term.left()));
        if (taken.isPresent() && tenure.getAsLong() != holding) {
            LOG.warn("the lease passed while the term was raised", "term", taken.get().number());
            return Optional.empty();
        }
        taken.ifPresent(term -> {
            led = new Led(term, holding);
            LOG.info("leading", "term", term.number());
        });
        return taken;
    }

    /**
     * Goes on with a term after a break of the lease; false where the database has another by now, or the lease is gone again. What the
     * leader of the term has in memory is still true then: nobody else has written as a leader.
     */
    public boolean resume(Term term) {
        long holding = tenure.getAsLong();
        Led before = led;
        if (holding == 0 || before == null || before.term != term || database.read(LeaderTable::read).term() != term.number()) {
            return false;
        }
        led = new Led(term, holding);
        LOG.info("leading again", "term", term.number());
        return holds(term);
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

    /** Whether this server may act as the leader of {@code term} now. To be asked right before each deed. */
    public boolean holds(Term term) {
        Led now = led;
        return now != null && now.term == term && now.tenure == tenure.getAsLong();
    }

    /** Whether {@code term} may be resumed, as far as this server knows: nobody was seen to raise it. */
    public boolean keeps(Term term) {
        Led now = led;
        return now != null && now.term == term;
    }

    public boolean leads() {
        Led now = led;
        return now != null && now.tenure == tenure.getAsLong();
    }

    /** The term that this server leads, 0 when it does not lead. */
    public long number() {
        Led now = led;
        return now == null || now.tenure != tenure.getAsLong() ? 0 : now.term.number();
    }

    /** Stops acting as the leader of {@code term}, at once and for good. */
    public void stepDown(Term term, String why) {
        if (keeps(term)) {
            led = null;
            LOG.warn("no longer leading", "term", term.number(), "why", why);
        }
    }

    /** Gives the term up at a clean stop. */
    public void release(Term term) {
        if (keeps(term)) {
            led = null;
            LOG.info("gave up the lead", "term", term.number());
        }
    }
}
