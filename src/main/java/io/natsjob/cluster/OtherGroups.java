package io.natsjob.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Leaders of other groups of servers on the same NATS account: each group would remove the answers that the others wait for, so
 * only one may lead. Whoever took its lease first stays.
 */
final class OtherGroups {
    /** Between two looks of a leader. */
    static final long LOOK_MILLIS = 5_000;
    private static final long OUTAGE_MILLIS = 3 * LOOK_MILLIS;
    private final Map<String, Observed> seen = new HashMap<>();

    /**
     * The namespace of another group that leads, if there is one that took its lease before revision {@code acquired}. One that is
     * seen for the first time counts as alive until its lease has passed.
     */
    Optional<String> before(long acquired, Map<String, LeaseEntry> entries, Moment now) {
        seen.keySet().retainAll(entries.keySet());
        entries.forEach((namespace, entry) -> seen.computeIfAbsent(namespace, any -> new Observed(OUTAGE_MILLIS)).saw(entry, now));
        return entries.entrySet().stream().filter(each -> seen.get(each.getKey()).standing(now) < each.getValue().leaseMillis())
                .filter(each -> each.getValue().acquired() < acquired).map(Map.Entry::getKey).sorted().findFirst();
    }
}
