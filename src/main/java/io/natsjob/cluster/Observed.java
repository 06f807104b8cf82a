package io.natsjob.cluster;

/**
 * What a follower has seen of one key, and since when: the same revision for the whole lease means that its holder is gone. What
 * was not watched does not count, so that nobody takes over only because NATS was away.
 */
final class Observed {
    private final long outageMillis;
    private LeaseEntry entry;
    private Moment looked;
    private Moment since;
    private boolean everSeen;
    private boolean renewed;

    /** @param outageMillis not looked at for longer, it is seen anew */
    Observed(long outageMillis) {
        this.outageMillis = outageMillis;
    }

    /** @param now null for no entry; {@code at} after the answer, so that no time counts before the entry was there */
    void saw(LeaseEntry now, Moment at) {
        boolean gap = looked == null || looked.atMostTo(at) > outageMillis;
        boolean same = (now == null ? 0 : now.revision()) == (entry == null ? 0 : entry.revision());
        if (gap || !same) {
            renewed = !gap && now != null && entry != null && !now.released() && now.holder().equals(entry.holder());
            since = at;
        }
        everSeen |= now != null;
        entry = now;
        looked = at;
    }

    /** Null for none. */
    LeaseEntry entry() {
        return entry;
    }

    /** Its holder was seen to renew it: it lives. */
    boolean renewed() {
        return renewed;
    }

    /** There was an entry once, which may be gone only because NATS lost it. */
    boolean everSeen() {
        return everSeen;
    }

    /** Milliseconds for which it stood as it is, as watched. */
    long standing(Moment now) {
        return since.atLeastTo(now);
    }
}
