package io.natsjob.trigger;

import io.natsjob.job.FireBatch;
import io.natsjob.job.SkipReason;
import io.natsjob.store.Gap;
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

/**
 * The seconds that passed without a fire, as gaps with the reason of each: the timer's holds, else the
 * database was away. Jobs without a row went on while the database was away; only a hold stops them. {@link #held} is for the
 * timer's thread, all else for the claimer's.
 */
final class Passed {
    /** Gaps of a leader's start. */
    record Start(List<Gap> recorded, List<Gap> unrecorded) {}

    /** Gaps of recorded jobs, and why. */
    record Found(List<Gap> gaps, Set<SkipReason> reasons) {
        /** A pause of everything is among the reasons. */
        boolean paused() {
            return reasons.contains(SkipReason.PAUSED);
        }
    }

    private final Inherited inherited;
    private final Consumer<FireBatch> dispatch;
    private final ConcurrentLinkedQueue<Held> ended = new ConcurrentLinkedQueue<>();
    /** Their gaps of lite and plus jobs wait for the settled mark, those of recorded jobs are not yet written. */
    private final List<Held> begun = new ArrayList<>();

    Passed(Inherited inherited, Consumer<FireBatch> dispatch) {
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
     * The gaps of recorded jobs in (after, upTo]. May be repeated until they are {@link #written}; those of jobs without a row
     * are given the first time only.
     *
     * @param whenSettled takes the gaps of jobs without a row, and the second up to which they go
     */
    Found find(long after, long upTo, BiConsumer<Long, List<Gap>> whenSettled) {
        for (Held held = ended.peek(); held != null && held.upTo() <= upTo; held = ended.peek()) {
            whenSettled.accept(held.upTo(), List.of(new Gap(false, held.after(), held.upTo(), held.reason().word())));
            release(held);
            begun.add(held);
            ended.remove();
        }
        Found found = new Found(new ArrayList<>(), EnumSet.noneOf(SkipReason.class));
        long at = after;
        for (Held held : begun) {
            at = add(found, at, Math.min(held.after(), upTo), SkipReason.DB_DOWN);
            found.reasons.add(held.reason());
            at = add(found, at, held.upTo(), held.reason());
        }
        add(found, at, upTo, SkipReason.DB_DOWN);
        return found;
    }

    /** The other halves of the batches that kept the hold undecided. */
    private void release(Held held) {
        inherited.seconds(held.after(), held.upTo()).forEach(second -> dispatch.accept(new FireBatch(second, false, List.of())));
        if (inherited.at(held.upTo()).isEmpty()) {
            dispatch.accept(new FireBatch(held.upTo(), true, List.of()));
        }
    }

    /** What was found last is committed. */
    void written() {
        begun.clear();
    }

    /** What passed up to {@code upTo} while nobody led; a pause that was lifted counts up to its end. */
    Start beforeStart(MarkWriter marks, Pause pause, long upTo) {
        long claimed = marks.claimed();
        long resumed = pause == null || pause.resumedAt() == null ? claimed : Math.clamp(Claimer.wholeSecond(pause.resumedAt()), claimed, Math.max(claimed, upTo));
        List<Gap> recorded = new ArrayList<>();
        add(recorded, true, claimed, resumed, SkipReason.PAUSED);
        add(recorded, true, resumed, upTo, SkipReason.MISSED);
        // Before the pause they were sent, or not: the settled mark tells how far that is known.
        long known = Math.max(marks.settled(), Math.min(claimed, upTo));
        long pausedTo = Math.max(known, Math.min(resumed, upTo));
        List<Gap> unrecorded = new ArrayList<>();
        add(unrecorded, false, marks.settled(), Math.min(known, upTo), SkipReason.UNKNOWN);
        add(unrecorded, false, known, pausedTo, SkipReason.PAUSED);
        add(unrecorded, false, pausedTo, upTo, SkipReason.UNKNOWN);
        return new Start(recorded, unrecorded);
    }

    /** Fires of a second whose namespace is paused. */
    static List<Tally> paused(Tick tick) {
        return tick.paused().stream().map(fire -> Tally.one(fire.job().id(), SkipReason.PAUSED.word(), fire.fireAt())).toList();
    }

    private static long add(Found found, long after, long upTo, SkipReason reason) {
        if (upTo <= after) {
            return after;
        }
        found.reasons.add(reason);
        add(found.gaps, true, after, upTo, reason);
        return upTo;
    }

    private static void add(List<Gap> gaps, boolean recorded, long after, long upTo, SkipReason reason) {
        if (after < upTo) {
            gaps.add(new Gap(recorded, after, upTo, reason.word()));
        }
    }
}
