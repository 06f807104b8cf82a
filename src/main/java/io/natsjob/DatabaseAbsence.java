package io.natsjob;

import io.natsjob.time.Clock;

/** For how long the database has not worked. One thread tells, any may ask. */
final class DatabaseAbsence {
    /** A leader whose database was away for so long gives the lease to a server that asks (docs/rules.md 14). */
    static final long LIMIT_MILLIS = 10_000;

    private final Clock clock;
    /** Monotonic nanoseconds; null while it works. */
    private volatile Long since;

    DatabaseAbsence(Clock clock) {
        this.clock = clock;
    }

    /** To be called a few times a second. */
    void saw(boolean up) {
        if (up) {
            since = null;
        } else if (since == null) {
            since = clock.nanos();
        }
    }

    /** 0 while it works. */
    long millis() {
        Long began = since;
        return began == null ? 0 : (clock.nanos() - began) / 1_000_000;
    }
}
