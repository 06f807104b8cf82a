package io.natsjob.cluster;

import java.util.List;

/**
 * The times of a lease, in milliseconds; settable together only, since each is safe by its relation to the others. A leader acts until the
 * start of its last acknowledged renewal plus {@code deadline}; others take over when the same entry has stood for {@code lease}. All
 * servers of a group should have the same profile; with different ones each follows the times that the leader wrote into its entry.
 *
 * @param name     of the profile
 * @param lease    after which others may take over
 * @param deadline after which the leader stops acting
 * @param retry    between two renewals
 */
public record LeaseTimes(String name, long lease, long deadline, long retry) {
    /** Clocks may differ by less than this (docs/rules.md 10); also what a leader has for the step that it began right before its deadline. */
    public static final long MARGIN_MILLIS = 1_500;
    /** An entry that is not ours is an original's, which renews at its own pace and relies on the bucket's 30 s. */
    public static final long ORIGINAL_MILLIS = 30_000;
    /** Crash fail-over below 5 s; for a network in which NATS answers within 1 s. */
    public static final LeaseTimes DEFAULT = new LeaseTimes("default", 4_000, 2_500, 500);
    /** For slow or shaky networks, and for machines that stop for seconds: fail-over below 17 s, an outage of 8 s without a change of leader. */
    public static final LeaseTimes SLOW = new LeaseTimes("slow", 15_000, 10_000, 2_000);
    private static final List<LeaseTimes> PROFILES = List.of(DEFAULT, SLOW);

    /** @throws IllegalArgumentException where the times do not go together */
    public LeaseTimes {
        if (lease - deadline < MARGIN_MILLIS) {
            throw new IllegalArgumentException("lease " + lease + " ms, deadline " + deadline + " ms: the lease must be at least " + MARGIN_MILLIS + " ms longer");
        }
        if (retry < 100 || deadline < 3 * retry) {
            throw new IllegalArgumentException("retry " + retry + " ms, deadline " + deadline + " ms: retry at least 100 ms, and three of them within the deadline");
        }
        if (lease > ORIGINAL_MILLIS) {
            throw new IllegalArgumentException("lease " + lease + " ms: at most " + ORIGINAL_MILLIS + " ms, after which its bucket forgets it");
        }
    }

    /** The profile of this name. */
    public static LeaseTimes named(String name) {
        return PROFILES.stream().filter(each -> each.name.equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("lease profile '" + name + "': must be one of " + PROFILES.stream().map(LeaseTimes::name).toList()));
    }

    /** Between two looks of a follower: what it sees late adds to the fail-over time. */
    long look() {
        return retry * 2 / 5;
    }

    /** A follower that could not look for this long knows nothing of the time between. */
    long outage() {
        return 3 * retry;
    }
}
