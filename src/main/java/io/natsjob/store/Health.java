package io.natsjob.store;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import java.util.concurrent.TimeUnit;

/**
 * Whether the database works, from what its threads saw last; each change is logged once. While writes fail, what was read proves
 * nothing: on a full disk or under another program's lock every read succeeds. Only without any try to write for
 * {@value #WRITES_LATELY_SECONDS} s a read counts again, so that one failed write of a quiet server is not told for ever.
 */
final class Health {
    private static final Log LOG = Log.of("store");

    private static final int WRITES_LATELY_SECONDS = 5;

    private final Clock clock;
    private volatile Outage outage;
    private boolean writesFail;
    private long writeFailedAt;

    Health(Clock clock) {
        this.clock = clock;
    }

    /**
     * One piece of work ended.
     *
     * @param writing whether it was to write
     * @param failure or null; a refused value or a failing caller says nothing about the database
     */
    void saw(boolean writing, Throwable failure) {
        if (failure == null) {
            if (outage != null) {
                worked(writing);
            }
        } else if (failure instanceof StoreException e && (e.kind() == StoreException.Kind.UNAVAILABLE || e.kind() == StoreException.Kind.COMMIT_UNKNOWN)) {
            failed(writing, e);
        }
    }

    private synchronized void failed(boolean writing, StoreException failure) {
        if (writing) {
            writesFail = true;
            writeFailedAt = clock.nanos();
        }
        Outage before = outage;
        if (before == null) {
            LOG.warn("database does not work", "reason", failure.getMessage());
        }
        outage = new Outage(failure.getMessage(), failure.isDiskFull(), before == null ? clock.millis() : before.sinceMillis());
    }

    private synchronized void worked(boolean writing) {
        boolean proof = writing || !writesFail || clock.nanos() - writeFailedAt > TimeUnit.SECONDS.toNanos(WRITES_LATELY_SECONDS);
        if (outage != null && proof) {
            writesFail = false;
            outage = null;
            LOG.info("database works again");
        }
    }

    /** Null while it works. */
    Outage outage() {
        return outage;
    }
}
