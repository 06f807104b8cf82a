package io.natsjob.dispatch;

import io.natsjob.cluster.Term;
import io.natsjob.job.Fire;
import io.natsjob.job.Parts;
import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Picks the workers of ultra runs that were claimed without any, at their time, and sends them once that is committed: many in one
 * transaction, on a thread of its own, so that no other fire waits for the database (docs/rules.md 20). What cannot be written is not sent.
 */
public final class Picks implements Sender.Unpicked, AutoCloseable {
    /** Fires that wait; more are refused as {@code db-down}. */
    static final int QUEUED = 10_000;
    private static final int AT_ONCE = 500;
    private static final Log LOG = Log.of("dispatch");

    private record Waiting(Fire fire, int maxConcurrency, Outcome outcome) {}

    private final Database database;
    private final Term term;
    private final Addressing addressing;
    private final Admission admission;
    /** Set before the first fire comes. */
    private volatile Sender sender;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUED);
    private final Loop loop = Loop.onVirtualThread("picks", this::turn);

    public Picks(Database database, Term term, Addressing addressing, Admission admission) {
        this.database = database;
        this.term = term;
        this.addressing = addressing;
        this.admission = admission;
    }

    /** @param through what is picked goes out through it */
    public void start(Sender through) {
        sender = through;
        loop.start();
    }

    @Override
    public void pick(Fire fire, int maxConcurrency, Outcome outcome) {
        if (queue.offer(new Waiting(fire, maxConcurrency, outcome))) {
            loop.wake();
        } else {
            sender.refuse(fire, SkipReason.DB_DOWN, outcome);
        }
    }

    /** Picks and sends what waits, once, and ends; to be called when nothing more is dispatched. */
    @Override
    public void close() {
        loop.close(Duration.ofSeconds(2));
        turn();
    }

    long turn() {
        List<Waiting> group = new ArrayList<>();
        while (queue.drainTo(group, AT_ONCE) > 0) {
            send(group);
            group.clear();
        }
        return TimeUnit.HOURS.toNanos(1);
    }

    private void send(List<Waiting> group) {
        Map<Long, Parts> picked = new LinkedHashMap<>();
        for (Waiting each : group) {
            Addressing.Choice choice = addressing.choose(each.fire.job());
            if (choice.refusal() == null) {
                picked.put(each.fire.runId(), choice.parts());
            } else {
                sender.refuse(each.fire, choice.refusal(), each.outcome);
            }
        }
        Set<Long> fixed = fixed(picked);
        for (Waiting each : group) {
            if (picked.containsKey(each.fire.runId())) {
                send(each, fixed.contains(each.fire.runId()) ? picked.get(each.fire.runId()) : null);
            }
        }
        sender.flush();
    }

    /**
     * The time for which it waited may have changed whether it may go.
     *
     * @param parts null where they could not be written
     */
    private void send(Waiting each, Parts parts) {
        SkipReason refusal = admission.refusal(each.fire, each.fire.job());
        if (refusal != null || parts == null) {
            sender.refuse(each.fire, refusal != null ? refusal : SkipReason.DB_DOWN, each.outcome);
        } else {
            sender.send(each.fire.to(parts), each.maxConcurrency, each.outcome);
        }
    }

    private Set<Long> fixed(Map<Long, Parts> picked) {
        if (picked.isEmpty()) {
            return Set.of();
        }
        try {
            return write(picked);
        } catch (StoreException e) {
            LOG.warn("the workers of ultra runs could not be written, they are not sent", "runs", picked.size(), "why", e.getMessage());
            return Set.of();
        }
    }

    private Set<Long> write(Map<Long, Parts> picked) {
        try {
            return database.write(Priority.CLAIM, sql -> RunTable.pick(sql, term.number(), picked));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.COMMIT_UNKNOWN) {
                throw e;
            }
            return database.write(Priority.CLAIM, sql -> RunTable.pick(sql, term.number(), picked));
        }
    }
}
