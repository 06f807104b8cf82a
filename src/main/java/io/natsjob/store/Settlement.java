package io.natsjob.store;

import java.util.ArrayList;
import java.util.List;

/**
 * What was decided about fires, written with the marks in one transaction (docs/rules.md 1 and 6).
 *
 * @param settledUpTo epoch milliseconds: all fires up to here are sent or counted
 * @param drops       claims that were refused at dispatch
 * @param tallies     the skips and sendings of the seconds up to {@code settledUpTo}
 */
public record Settlement(long settledUpTo, List<Long> drops, List<Tally> tallies) {
    public boolean isEmpty() {
        return drops.isEmpty() && tallies.isEmpty();
    }

    /** This one and a later one together. */
    public Settlement and(Settlement later) {
        if (isEmpty()) {
            return later;
        }
        List<Long> allDrops = new ArrayList<>(drops);
        allDrops.addAll(later.drops);
        List<Tally> allTallies = new ArrayList<>(tallies);
        allTallies.addAll(later.tallies);
        return new Settlement(Math.max(settledUpTo, later.settledUpTo), allDrops, allTallies);
    }
}
