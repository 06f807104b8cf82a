package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.nats.KeyWriter;
import io.natsjob.nats.NatsException;
import io.natsjob.nats.NatsLink;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.ServerBeat;
import io.natsjob.protocol.SystemInfo;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** This server's own heartbeat: put every 5 s, deleted at a clean stop. Without NATS it goes on, and the page shows the figures. */
public final class OwnServer implements AutoCloseable {
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final Duration PUT_LIMIT = Duration.ofSeconds(2);
    /** Nobody waits for a marker at a stop: without it the server is dead after 30 s. */
    private static final Duration DELETE_LIMIT = Duration.ofMillis(500);
    private static final Log LOG = Log.of("cluster");

    /**
     * What does not change.
     *
     * @param database tells databases apart, up to 64 characters; empty where unknown
     */
    public record Identity(String id, String namespace, String version, String database) {}

    private final Identity identity;
    private final Leadership leadership;
    private final NatsLink link;
    private final KeyWriter bucket;
    private final SteadyTime time;
    private final long startedAt;
    private final Loop loop = Loop.onVirtualThread("own-heartbeat", this::turn);
    private SystemFigures figures;
    private volatile SystemInfo system;
    private boolean failing;

    public OwnServer(Identity identity, Leadership leadership, NatsLink link, SteadyTime time) {
        this.identity = identity;
        this.leadership = leadership;
        this.link = link;
        this.bucket = new KeyWriter(link, Buckets.HEARTBEAT);
        this.time = time;
        this.startedAt = time.millis();
        link.onConnected(loop::wake);
    }

    public void start() {
        loop.start();
    }

    /** This server and the {@code others} that live, this one as it is now, with or without NATS. */
    public List<ServerSeen> among(List<ServerSeen> others) {
        List<ServerSeen> all = new ArrayList<>();
        SystemInfo now = system;
        if (now != null) {
            all.add(new ServerSeen(beat(now), time.millis()));
        }
        others.stream().filter(other -> now == null || !other.beat().key().id().equals(identity.id)).forEach(all::add);
        return all;
    }

    @Override
    public void close() {
        loop.close();
        if (link.connected()) {
            try {
                bucket.delete(key().text(), DELETE_LIMIT);
            } catch (NatsException e) {
                LOG.debug("the heartbeat could not be deleted, it ends by itself", "why", e.getMessage());
            }
        }
    }

    private long turn() {
        if (figures == null) {
            // here and not in the constructor: the name of the machine may have to be asked for
            figures = new SystemFigures();
        }
        SystemInfo now = figures.read();
        system = now;
        if (link.connected()) {
            put(beat(now));
        }
        return EVERY_NANOS;
    }

    private void put(ServerBeat beat) {
        try {
            bucket.put(beat.key().text(), beat.json(), PUT_LIMIT);
            failing = false;
        } catch (NatsException e) {
            if (!failing) {
                LOG.warn("this server's heartbeat is not taken by NATS", "why", e.getMessage());
            }
            failing = true;
        }
    }

    private ServerBeat beat(SystemInfo now) {
        return new ServerBeat(key(), startedAt, time.millis(), now, new ServerBeat.Ours(leadership.leads(), leadership.number(), identity.version,
                link.connected(), identity.database));
    }

    private BeatKey.Server key() {
        return new BeatKey.Server(identity.namespace, identity.id);
    }
}
