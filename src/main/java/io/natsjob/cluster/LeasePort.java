package io.natsjob.cluster;

import java.util.Map;
import java.util.Optional;

/**
 * The register that the lease is kept in, with a compare-and-set. Each call takes about one second at most, and throws {@link Failure} where it
 * was refused or not answered: then a write may have been done, or be done later.
 */
interface LeasePort {
    /** A request without success. */
    final class Failure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Failure(String message) {
            // no stack: thrown at each turn of an outage
            super(message, null, false, false);
        }
    }

    /** Our key's newest entry, as the one writer of the register has it; never a copy that may be behind. */
    Optional<LeaseEntry> read();

    /** Writes our key if its newest entry is still {@code expected} (0: none); answers the new revision. */
    long put(String holder, LeaseMark mark, long expected);

    /** As {@link #put}: the key is given back, and free for anybody, an original included. */
    void release(LeaseMark mark, long expected);

    /** The entries of other groups of servers, by their namespace; released ones left out. */
    Map<String, LeaseEntry> others();

    /** Epoch milliseconds by NATS' clock, taken during this call. */
    long natsMillis();

    /** How long after the acknowledgement a taken lease must be read again before it counts; milliseconds. */
    long settleMillis();
}
