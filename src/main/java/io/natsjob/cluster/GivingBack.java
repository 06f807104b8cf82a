package io.natsjob.cluster;

import io.natsjob.log.Log;
import java.util.Optional;

/** Releases a lease in NATS. Where NATS does not answer it stays as it is, and passes by itself. */
final class GivingBack {
    private static final Log LOG = Log.of("lease");

    private GivingBack() {}

    /** @param revision of the last renewal that was acknowledged */
    static void release(LeasePort port, String serverId, LeaseMark mark, long revision, String why) {
        try {
            port.release(mark, revision);
            LOG.info("gave the lease back", "why", why);
        } catch (LeasePort.Failure e) {
            again(port, serverId, mark, why);
        }
    }

    /** A renewal whose answer was lost has moved the revision. */
    private static void again(LeasePort port, String serverId, LeaseMark mark, String why) {
        try {
            Optional<LeaseEntry> now = port.read();
            if (now.isPresent() && now.get().heldBy(serverId)) {
                port.release(mark, now.get().revision());
                LOG.info("gave the lease back", "why", why);
            }
        } catch (LeasePort.Failure e) {
            LOG.warn("the lease could not be given back, it passes by itself", "leaseMs", mark.leaseMillis(), "why", e.getMessage());
        }
    }
}
