package io.natsjob;

import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import io.natsjob.time.Loop;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** Compares this machine's clock with that of the database's server, at the start and every minute, and warns above one second (docs/rules.md 10). */
final class ClockCheck implements AutoCloseable {
    static final long WARN_MILLIS = 1_000;
    private static final long EVERY_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final Log LOG = Log.of("server");

    private final Database database;
    private final Clock clock;
    private final Loop loop = Loop.onVirtualThread("clock-check", this::turn);
    private volatile Skew skew;

    /**
     * The clocks differ by more than {@value #WARN_MILLIS} ms.
     *
     * @param aheadMillis by which the database's is ahead of this one; behind: negative
     * @param sinceMillis epoch milliseconds at which that was found
     */
    record Skew(long aheadMillis, long sinceMillis) {}

    ClockCheck(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    void start() {
        loop.start();
    }

    /** Nothing while the clocks agree, as far as is known. */
    Optional<Skew> skew() {
        return Optional.ofNullable(skew);
    }

    long turn() {
        try {
            OptionalLong ahead = database.clockAhead();
            if (ahead.isEmpty()) {
                return TimeUnit.DAYS.toNanos(1);
            }
            found(ahead.getAsLong());
        } catch (StoreException e) {
            LOG.debug("the clock of the database could not be asked", "why", e.getMessage());
        }
        return EVERY_NANOS;
    }

    private void found(long ahead) {
        Skew before = skew;
        if (Math.abs(ahead) > WARN_MILLIS) {
            if (before == null) {
                LOG.warn("the clocks of this machine and of the database differ: jobs fire by this machine's; set both by NTP", "databaseAheadMs", ahead);
            }
            skew = new Skew(ahead, before == null ? clock.millis() : before.sinceMillis);
        } else if (before != null) {
            LOG.info("the clocks of this machine and of the database agree again", "databaseAheadMs", ahead);
            skew = null;
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
