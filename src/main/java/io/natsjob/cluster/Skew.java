package io.natsjob.cluster;

import io.natsjob.log.Log;

/** How far this machine's wall clock is from NATS' (docs/rules.md 10). */
final class Skew {
    static final long WARN_MILLIS = 500;
    /** Above it nobody may take over by time. */
    static final long LIMIT_MILLIS = 1_000;
    private static final Log LOG = Log.of("lease");
    private boolean warned;

    /**
     * Something that NATS timed at {@code natsMillis} was asked for between {@code start} and {@code end}. Answers the milliseconds by which
     * the clocks surely differ, positive where NATS' is ahead.
     */
    long measured(long natsMillis, Moment start, Moment end) {
        // A wall clock that was set in between says nothing.
        long late = Math.max(start.millis(), end.millis());
        long early = Math.min(start.millis(), end.millis());
        long off = natsMillis > late ? natsMillis - late : natsMillis < early ? natsMillis - early : 0;
        if (Math.abs(off) > WARN_MILLIS && !warned) {
            LOG.warn("this machine's clock and that of NATS differ", "millis", off, "limitMs", LIMIT_MILLIS);
        } else if (Math.abs(off) <= WARN_MILLIS && warned) {
            LOG.info("this machine's clock and that of NATS agree again");
        }
        warned = Math.abs(off) > WARN_MILLIS;
        return off;
    }
}
