package io.natsjob;

import io.natsjob.cluster.Lease;
import io.natsjob.cluster.Tenure;
import io.natsjob.cluster.Term;
import io.natsjob.log.Log;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Leads while it has the lease: raises the term, loads, runs, and cleans up when the lead is lost for good. A failed load is tried again.
 * After a break of the lease in which nobody raised the term, what runs goes on with its memory (docs/rules.md 14).
 */
final class LeaderLoop implements AutoCloseable {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long RETRY_MILLIS = 1_000;
    /** Everything that a clean stop of a term waits for, with a margin. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);
    private static final Log LOG = Log.of("server");

    private final LeaderContext context;
    private final Lease lease;
    private final Loop loop = Loop.onPlatformThread("leader", this::turn);
    private Term term;
    private volatile LeaderTerm running;
    /** Told when {@link #running} begins. */
    private final Object loaded = new Object();
    private final DatabaseAbsence absence;

    LeaderLoop(LeaderContext context, Lease lease) {
        this.context = context;
        this.lease = lease;
        this.absence = new DatabaseAbsence(context.clock());
    }

    void start() {
        loop.start();
    }

    /** The lease has changed: looks at once. */
    void wake() {
        loop.wake();
    }

    /** What runs while this server leads, and during a break of its lease; nothing else. */
    Optional<LeaderTerm> running() {
        return Optional.ofNullable(running);
    }

    /** As {@link #running}; while this server has the lease and still loads, waits up to {@code limit} for it. */
    Optional<LeaderTerm> awaitRunning(Duration limit) {
        long until = context.clock().nanos() + limit.toNanos();
        synchronized (loaded) {
            try {
                for (long left = limit.toMillis(); running == null && lease.tenure() != null && left > 0; left = TimeUnit.NANOSECONDS.toMillis(until - context.clock().nanos())) {
                    loaded.wait(left);
                }
            } catch (InterruptedException e) {
                // asked to hurry: what runs now counts
                Thread.currentThread().interrupt();
            }
        }
        return running();
    }

    /**
     * Another server, whose database works, asks for the lease. Handed over if this server's own database has been away for
     * {@value DatabaseAbsence#LIMIT_MILLIS} ms; the caller has made sure that it was a server of this group that asked (docs/rules.md 14 and 37).
     *
     * @return whether this server leads no longer and gives the lease back
     */
    boolean yieldTo(String asking) {
        if (absence.millis() < DatabaseAbsence.LIMIT_MILLIS) {
            return false;
        }
        LOG.warn("giving the lease to a server whose database works", "server", asking);
        lease.handOver("without database, asked by server " + asking, RETRY_MILLIS);
        return true;
    }

    @Override
    public void close() {
        loop.close(STOP_LIMIT);
        end();
        if (term != null) {
            context.leadership().release(term);
        }
    }

    private long turn() {
        absence.saw(context.database().up());
        Tenure tenure = lease.tenure();
        if (running != null) {
            keepOrEnd(tenure);
        } else if (tenure != null) {
            lead(tenure);
        }
        return LOOK_NANOS;
    }

    private void keepOrEnd(Tenure tenure) {
        if (context.leadership().holds(term)) {
            return;
        }
        if (!context.leadership().keeps(term)) {
            end();
            lease.release("the term was raised by another server", RETRY_MILLIS);
        } else if (tenure != null) {
            resume();
        } else if (lease.takenByAnother()) {
            context.leadership().stepDown(term, "another server leads");
            end();
        }
    }

    private void resume() {
        try {
            if (!context.leadership().resume(term) && lease.tenure() != null) {
                context.leadership().stepDown(term, "another server led meanwhile");
                end();
            }
        } catch (StoreException e) {
            LOG.debug("whether the term still stands is not known yet", "why", e.getMessage());
        }
    }

    private void lead(Tenure tenure) {
        try {
            Optional<Term> taken = context.leadership().take(tenure.termBefore());
            if (taken.isEmpty()) {
                lease.release("the term could not be raised", RETRY_MILLIS);
                return;
            }
            term = taken.get();
            load();
        } catch (RuntimeException e) {
            LOG.error("cannot lead yet", e);
            if (term != null) {
                context.leadership().stepDown(term, "its jobs could not be loaded");
            }
            // Another server may have better luck; this one tries again.
            lease.release("the jobs could not be loaded", RETRY_MILLIS);
        }
    }

    private void load() {
        LeaderTerm leads = new LeaderTerm(context, term, this::yieldTo);
        try {
            leads.start();
        } catch (RuntimeException e) {
            // Half of it runs already.
            leads.close();
            throw e;
        }
        synchronized (loaded) {
            running = leads;
            loaded.notifyAll();
        }
    }

    private void end() {
        LeaderTerm ending = running;
        running = null;
        if (ending != null) {
            ending.close();
        }
    }
}
