package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.time.Clock;
import io.natsjob.time.Loop;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Compares this server's clock with its leader's by the heartbeats of both, and warns once a minute while they differ by more than
 * {@link #LIMIT_MILLIS} (docs/rules.md 10). Warns only: what a server may do with a wrong clock is for {@link Lease} to say.
 */
public final class LeaderClock implements AutoCloseable {
    static final long LIMIT_MILLIS = 1_000;
    static final long WARN_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Log LOG = Log.of("cluster");

    private final Servers servers;
    private final String serverId;
    private final Clock clock;
    private final Loop loop = Loop.onVirtualThread("leader-clock", this::turn);
    private Long warnedAt;
    /** Warnings since the start. */
    private int warnings;

    public LeaderClock(Servers servers, String serverId, Clock clock) {
        this.servers = servers;
        this.serverId = serverId;
        this.clock = clock;
    }

    public void start() {
        loop.start();
    }

    /**
     * By how many milliseconds this server's clock is ahead of its leader's, negative where it is behind, if that is more than
     * {@link #LIMIT_MILLIS}; nothing where they agree, where it is not known, and while this server leads. Up to 15 s old.
     */
    public OptionalLong off() {
        OptionalLong ahead = servers.aheadOfLeader(serverId);
        return ahead.isPresent() && Math.abs(ahead.getAsLong()) > LIMIT_MILLIS ? ahead : OptionalLong.empty();
    }

    @Override
    public void close() {
        loop.close();
    }

    private long turn() {
        look();
        return LOOK_NANOS;
    }

    void look() {
        OptionalLong off = off();
        long now = clock.nanos();
        if (off.isPresent() && (warnedAt == null || now - warnedAt >= WARN_NANOS)) {
            warnedAt = now;
            warnings++;
            LOG.warn("this server's clock is " + (off.getAsLong() > 0 ? "ahead of" : "behind") + " the leader's: set the clocks right, for a new leader goes on by its own",
                    "millis", Math.abs(off.getAsLong()), "limitMs", LIMIT_MILLIS);
        }
    }

    int warnings() {
        return warnings;
    }
}
