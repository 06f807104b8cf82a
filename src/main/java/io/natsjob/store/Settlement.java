package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What was decided about fires, written with the marks in one transaction (docs/rules.md 1 and 6).
 *
 * @param settledUpTo epoch milliseconds: all fires up to here are sent or counted
 * @param drops       claims that were refused at dispatch
 * @param tallies     the skips and sendings of the seconds up to {@code settledUpTo}
 * @param again       dropped claims that are to be made up and so are in no tally
 * @param gaps        seconds up to {@code settledUpTo} that are still to be evaluated
 */
public record Settlement(long settledUpTo, List<Long> drops, List<Tally> tallies, List<MissedFire> again, List<Gap> gaps) {
    /** One in which nothing is to be made up or evaluated. */
    public Settlement(long settledUpTo, List<Long> drops, List<Tally> tallies) {
        this(settledUpTo, drops, tallies, List.of(), List.of());
    }

    public boolean isEmpty() {
        return drops.isEmpty() && tallies.isEmpty() && again.isEmpty() && gaps.isEmpty();
    }

    /** This one and a later one together. */
    public Settlement and(Settlement later) {
        if (isEmpty()) {
            return later;
        }
        return new Settlement(Math.max(settledUpTo, later.settledUpTo), joined(drops, later.drops), joined(tallies, later.tallies),
                joined(again, later.again), joined(gaps, later.gaps));
    }

    private static <T> List<T> joined(List<T> earlier, List<T> later) {
        List<T> all = new ArrayList<>(earlier);
        all.addAll(later);
        return all;
    }
}
