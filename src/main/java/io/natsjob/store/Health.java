package io.natsjob.store;

import io.natsjob.log.Log;
import java.util.concurrent.atomic.AtomicReference;

/** Whether the database works, from what its threads saw last; each change is logged once. */
final class Health {
    private static final Log LOG = Log.of("store");

    private final AtomicReference<String> problem = new AtomicReference<>();

    /** {@code failure} of one piece of work, or null. A refused value or a failing caller says nothing about the database. */
    void saw(Throwable failure) {
        if (failure instanceof StoreException e && (e.kind() == StoreException.Kind.UNAVAILABLE || e.kind() == StoreException.Kind.COMMIT_UNKNOWN)) {
            if (problem.getAndSet(e.getMessage()) == null) {
                LOG.warn("database does not work", "reason", e.getMessage());
            }
        } else if (failure == null && problem.get() != null && problem.getAndSet(null) != null) {
            LOG.info("database works again");
        }
    }

    String problem() {
        return problem.get();
    }
}
