package io.natsjob.trigger;

import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.store.Pause;
import io.natsjob.store.Tally;
import io.natsjob.trigger.Tick.Held;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The seconds that passed without a fire, and under which reason their fires are counted: by the timer's holds, else the
 * database was away. Jobs without a row went on while the database was away; only a hold stops them. {@link #held} is for the
 * timer's thread, all else for the claimer's.
 */
final class Passed {
    private static final Predicate<Job> RECORDED = job -> job.spec().recorded();

    /** Tallies of a leader's start. */
    record Start(List<Tally> recorded, List<Tally> unrecorded) {
        long fires() {
            return Passed.fires(recorded) + Passed.fires(unrecorded);
        }
    }

    /**
     * Tallies of recorded jobs.
     *
     * @param fires  those of jobs without a row included
     * @param paused a pause of everything is among the reasons
     */
    record Count(List<Tally> recorded, long fires, Set<SkipReason> reasons) {
        boolean paused() {
            return reasons.contains(SkipReason.PAUSED);
        }
    }

    private final MissedFires missed;
    private final Inherited inherited;
    private final Consumer<FireBatch> dispatch;
    private final ConcurrentLinkedQueue<Held> ended = new ConcurrentLinkedQueue<>();
    /** Counted for lite and plus, but not yet written for recorded jobs. */
    private final List<Held> begun = new ArrayList<>();

    Passed(MissedFires missed, Inherited inherited, Consumer<FireBatch> dispatch) {
        this.missed = missed;
        this.inherited = inherited;
        this.dispatch = dispatch;
    }

    /** A hold is over. Its last second stays undecided until it is counted, so that the settled mark does not run past it. */
    void held(Held held) {
        if (inherited.at(held.upTo()).isEmpty()) {
            dispatch.accept(new FireBatch(held.upTo(), false, List.of()));
        }
        ended.add(held);
    }

    boolean endedBefore(long second) {
        Held first = ended.peek();
        return first != null && first.upTo() < second || !begun.isEmpty();
    }

    /**
     * Counts the fires of recorded jobs in (after, upTo]. May be repeated until it is {@link #written}; jobs without a row
     * are counted the first time only.
     *
     * @param whenSettled takes the tallies of jobs without a row, and the second up to which they go
     */
    Count count(long after, long upTo, BiConsumer<Long, List<Tally>> whenSettled) {
        long unrecorded = 0;
        for (Held held = ended.peek(); held != null && held.upTo() <= upTo; held = ended.peek()) {
            List<Tally> tallies = missed.count(RECORDED.negate(), held.after(), held.upTo(), held.reason());
            unrecorded += fires(tallies);
            whenSettled.accept(held.upTo(), tallies);
            release(held);
            begun.add(held);
            ended.remove();
        }
        List<Tally> recorded = new ArrayList<>();
        Set<SkipReason> reasons = EnumSet.noneOf(SkipReason.class);
        long at = after;
        for (Held held : begun) {
            at = add(recorded, reasons, at, Math.min(held.after(), upTo), SkipReason.DB_DOWN);
            reasons.add(held.reason());
            at = add(recorded, reasons, at, held.upTo(), held.reason());
        }
        add(recorded, reasons, at, upTo, SkipReason.DB_DOWN);
        return new Count(recorded, unrecorded + fires(recorded), reasons);
    }

    /** The other halves of the batches that kept the hold undecided. */
    private void release(Held held) {
        inherited.seconds(held.after(), held.upTo()).forEach(second -> dispatch.accept(new FireBatch(second, false, List.of())));
        if (inherited.at(held.upTo()).isEmpty()) {
            dispatch.accept(new FireBatch(held.upTo(), true, List.of()));
        }
    }

    /** What was counted last is committed. */
    void written() {
        begun.clear();
    }

    /** What passed up to {@code upTo} while nobody led; a pause that was lifted counts up to its end. */
    Start beforeStart(MarkWriter marks, Pause pause, long upTo) {
        long claimed = marks.claimed();
        long resumed = pause == null || pause.resumedAt() == null ? claimed : Math.clamp(Claimer.wholeSecond(pause.resumedAt()), claimed, Math.max(claimed, upTo));
        List<Tally> recorded = new ArrayList<>(missed.count(RECORDED, claimed, resumed, SkipReason.PAUSED));
        recorded.addAll(missed.count(RECORDED, resumed, upTo, SkipReason.MISSED));
        // Before the pause they were sent, or not: the settled mark tells how far that is known.
        long known = Math.max(marks.settled(), Math.min(claimed, upTo));
        long pausedTo = Math.max(known, Math.min(resumed, upTo));
        List<Tally> unrecorded = new ArrayList<>(missed.count(RECORDED.negate(), marks.settled(), Math.min(known, upTo), SkipReason.UNKNOWN));
        unrecorded.addAll(missed.count(RECORDED.negate(), known, pausedTo, SkipReason.PAUSED));
        unrecorded.addAll(missed.count(RECORDED.negate(), pausedTo, upTo, SkipReason.UNKNOWN));
        return new Start(recorded, unrecorded);
    }

    /** Fires of a second whose namespace is paused. */
    List<Tally> paused(Tick tick) {
        return tick.paused().stream().map(fire -> Tally.one(fire.job().id(), SkipReason.PAUSED.word(), fire.fireAt())).toList();
    }

    private long add(List<Tally> recorded, Set<SkipReason> reasons, long after, long upTo, SkipReason reason) {
        if (upTo <= after) {
            return after;
        }
        reasons.add(reason);
        recorded.addAll(missed.count(RECORDED, after, upTo, reason));
        return upTo;
    }

    private static long fires(List<Tally> tallies) {
        return tallies.stream().mapToLong(Tally::count).sum();
    }
}
