package io.natsjob.protocol;

import io.natsjob.job.Names;
import java.util.Optional;

/**
 * Keys of the leader's bucket (docs/protocol.md). The value under a lease is the plain id of the server that leads, as the original
 * writes it; what only natsjob's own servers say to each other is in headers, which an original neither writes nor reads.
 */
public final class LeaderKey {
    /** The leases of all groups of servers. */
    public static final String ALL = "natsjob.master.server.*";
    /** Milliseconds after which others may take the lease; an entry without it is an original's. */
    public static final String LEASE_MILLIS = "Natsjob-Lease";
    /** Which database the leader works on. */
    public static final String DATABASE = "Natsjob-Database";
    /** Which lock the leader holds on that database; empty where several servers may share it. */
    public static final String DATABASE_LOCK = "Natsjob-Database-Lock";
    /** Revision with which the leader took the lease; 0 in that very entry. */
    public static final String ACQUIRED = "Natsjob-Acquired";
    private static final String LEASE = "natsjob.master.server.";
    private static final String CLOCK = "natsjob.clock.";

    private LeaderKey() {}

    /** The lease of the group of servers in {@code namespace}. */
    public static String lease(String namespace) {
        if (!Names.valid(namespace)) {
            throw new IllegalArgumentException("namespace '" + namespace + "': must be " + Names.FORM);
        }
        return LEASE + namespace;
    }

    /** Whose lease a key is, or nothing. */
    public static Optional<String> namespaceOf(String key) {
        return key.startsWith(LEASE) && Names.valid(key.substring(LEASE.length())) ? Optional.of(key.substring(LEASE.length())) : Optional.empty();
    }

    /** Where a server writes in order to learn NATS' time. */
    public static String clock(String serverId) {
        return CLOCK + serverId;
    }
}
