package io.natsjob.cluster;

/**
 * What stands under a lease key.
 *
 * @param holder     server id; empty where it was released
 * @param mark       of one of our servers; null for an original's entry
 * @param released   given back, or removed by whomever
 * @param revision   of the entry
 * @param natsMillis epoch milliseconds at which NATS took it, by NATS' clock
 */
public record LeaseEntry(String holder, LeaseMark mark, boolean released, long revision, long natsMillis) {
    /** How long it must stand unchanged before another may take over. */
    long leaseMillis() {
        return mark == null ? LeaseTimes.ORIGINAL_MILLIS : mark.leaseMillis();
    }

    /** The revision with which its holder took it, as far as it says. */
    long acquired() {
        return mark == null || mark.acquired() == 0 ? revision : mark.acquired();
    }

    boolean heldBy(String serverId) {
        return !released && holder.equals(serverId);
    }
}
