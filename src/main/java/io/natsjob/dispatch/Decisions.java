package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Misfire;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.store.MissedFire;
import io.natsjob.store.Settlement;
import io.natsjob.store.Tally;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of each fire, second by second. A second is decided when both its batches have come and each of their fires was
 * sent or refused; decided seconds are handed out in order, their tallies summed, so that the settled mark moves with
 * exactly what it covers (docs/rules.md 1 and 6). Safe for all threads.
 */
public final class Decisions implements Outcome {
    /** Counted for lite and plus fires that went out; those of recorded jobs have a run instead. */
    public static final String SENT = "sent";

    private record Key(long jobId, long hour, String outcome) {}

    private static final class Second {
        private int batchesMissing = 2;
        private int undecided;
        private final List<Tally> tallies = new ArrayList<>();
        private final List<Long> drops = new ArrayList<>();
        private final List<MissedFire> again = new ArrayList<>();
    }

    private final TreeMap<Long, Second> seconds = new TreeMap<>();
    private final Map<Key, Tally> tallies = new HashMap<>();
    private List<Long> drops = new ArrayList<>();
    private List<MissedFire> again = new ArrayList<>();
    private long decidedUpTo;

    /** @param settled the settled mark at the start */
    public Decisions(long settled) {
        this.decidedUpTo = settled;
    }

    /** The fires of a batch are to be decided. */
    public synchronized void expect(FireBatch batch) {
        Second second = seconds.computeIfAbsent(batch.fireAt(), at -> new Second());
        second.batchesMissing--;
        second.undecided += batch.fires().size();
        advance();
    }

    @Override
    public synchronized void sent(Fire fire) {
        decide(fire, fire.recorded() ? null : SENT);
    }

    /** A run stays open, a lite or plus fire is counted. */
    @Override
    public synchronized void unconfirmed(Fire fire) {
        decide(fire, fire.recorded() ? null : SkipReason.UNCONFIRMED.word());
    }

    /**
     * Not sent: its claim is dropped, and it is counted, or made up after the outage where its job wants that. One that a former leader may
     * have sent is neither, it is left to its deadline.
     */
    @Override
    public synchronized void refused(Fire fire, SkipReason reason) {
        boolean claimed = fire.runId() != 0 && fire.recorded();
        if (fire.takenOver()) {
            decide(fire, null);
            return;
        }
        boolean later = claimed && madeUp(fire, reason);
        MissedFire missed = later ? new MissedFire(0, fire.job().id(), fire.fireAt(), reason.word(), false) : null;
        decide(fire, later ? null : reason.word(), claimed ? fire.runId() : 0, missed);
    }

    /** By an outage that its job's misfire policy is there for; a paused namespace counts each of its fires. */
    private static boolean madeUp(Fire fire, SkipReason reason) {
        boolean outage = switch (reason) {
            case NATS_DOWN, NO_LEADER -> true;
            case MISSED, PAUSED -> fire.trigger() == RunTrigger.CRON;
            default -> false;
        };
        return outage && fire.job().spec().timing().misfire() != Misfire.SKIP;
    }

    /** Seconds up to {@code fireAt} that no batch came for were counted as missed. */
    public synchronized void passed(long fireAt) {
        if (seconds.isEmpty() || seconds.firstKey() > fireAt) {
            decidedUpTo = Math.max(decidedUpTo, fireAt);
        }
    }

    /** Everything decided since the last call; the caller writes it. */
    public synchronized Settlement take() {
        Settlement decided = new Settlement(decidedUpTo, drops, List.copyOf(tallies.values()), again, List.of());
        drops = new ArrayList<>();
        again = new ArrayList<>();
        tallies.clear();
        return decided;
    }

    private void decide(Fire fire, String outcome) {
        decide(fire, outcome, 0, null);
    }

    /**
     * @param outcome to be counted, or null
     * @param drop    the run whose row goes, or 0
     * @param missed  what is to be made up, or null
     */
    private void decide(Fire fire, String outcome, long drop, MissedFire missed) {
        boolean alone = fire.trigger() == RunTrigger.MISFIRE;
        Second second = alone ? new Second() : seconds.get(fire.fireAt());
        if (second == null) {
            throw new IllegalStateException("a fire of " + fire.fireAt() + " was decided that nobody expected, job " + fire.job().id());
        }
        if (outcome != null) {
            second.tallies.add(Tally.one(fire.job().id(), outcome, fire.fireAt()));
        }
        if (drop != 0) {
            second.drops.add(drop);
        }
        if (missed != null) {
            second.again.add(missed);
        }
        if (alone) {
            // Its second has long been settled; it has left the queue of misfires with its claim.
            handOut(second);
        } else {
            second.undecided--;
            advance();
        }
    }

    private void advance() {
        while (!seconds.isEmpty()) {
            Second first = seconds.firstEntry().getValue();
            if (first.batchesMissing > 0 || first.undecided > 0) {
                return;
            }
            decidedUpTo = Math.max(decidedUpTo, seconds.pollFirstEntry().getKey());
            handOut(first);
        }
    }

    private void handOut(Second decided) {
        drops.addAll(decided.drops);
        again.addAll(decided.again);
        for (Tally tally : decided.tallies) {
            tallies.merge(new Key(tally.jobId(), tally.hour(), tally.outcome()), tally,
                    (a, b) -> new Tally(a.jobId(), a.hour(), a.outcome(), a.count() + b.count(), Math.max(a.lastAt(), b.lastAt())));
        }
    }
}
