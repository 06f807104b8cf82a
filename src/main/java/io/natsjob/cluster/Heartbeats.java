package io.natsjob.cluster;

import io.natsjob.nats.NatsLink;
import io.natsjob.nats.OrderedReader;
import io.natsjob.protocol.Beat;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.ServerBeat;
import io.natsjob.protocol.WorkerBeat;
import io.natsjob.time.Clock;
import io.natsjob.time.Loop;
import io.natsjob.time.SteadyTime;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Reads the bucket of heartbeats into {@link Workers} and {@link Servers}, and buries the dead each second. One for the life of the process. */
public final class Heartbeats implements AutoCloseable {
    private static final long SWEEP_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** After this long a heartbeat of this server itself has come, which tells how old those are that were read at the start. */
    private static final long AGING_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final NatsLink link;
    private final Workers workers;
    private final Servers servers;
    private final IgnoredBeats ignored;
    private final SteadyTime time;
    private final WatchTime watch;
    private final OrderedReader reader;
    private volatile long restartedAt;
    /** Null until one was read. */
    private volatile Arrival newest;
    private final Loop loop = Loop.onVirtualThread("heartbeats", this::sweep);

    /** What is filled, and who counts what is not. */
    public record Registries(Workers workers, Servers servers, IgnoredBeats ignored) {
        public static Registries empty(SteadyTime time) {
            IgnoredBeats ignored = new IgnoredBeats(time);
            return new Registries(new Workers(ignored), new Servers(ignored), ignored);
        }
    }

    /** @param bucketMissing told when there is no bucket, at most once a second; must not wait */
    public Heartbeats(NatsLink link, Registries registries, Clock clock, SteadyTime time, Runnable bucketMissing) {
        this.link = link;
        this.workers = registries.workers;
        this.servers = registries.servers;
        this.ignored = registries.ignored;
        this.time = time;
        this.watch = new WatchTime(clock);
        this.reader = new OrderedReader(link, Buckets.HEARTBEAT, new Sink(bucketMissing), clock);
    }

    /** Reads from now on; never waits. */
    public void start() {
        reader.start();
        loop.start();
    }

    @Override
    public void close() {
        reader.close();
        loop.close();
    }

    private long sweep() {
        long watched = watch.look(link.connected());
        if (watched - restartedAt < AGING_NANOS) {
            age();
        }
        workers.sweep(watched);
        servers.sweep(watched);
        return SWEEP_NANOS;
    }

    private void age() {
        Arrival last = newest;
        if (last != null) {
            workers.aged(restartedAt, last);
            servers.aged(restartedAt, last);
        }
    }

    /** On the reader's thread. */
    private final class Sink implements OrderedReader.Sink {
        private final Runnable bucketMissing;

        private Sink(Runnable bucketMissing) {
            this.bucketMissing = bucketMissing;
        }

        /** A bucket made anew is no death: who lives puts the next heartbeat into it. */
        @Override
        public void restarted(long createdMillis, boolean sameBucket) {
            restartedAt = watch.now();
        }

        @Override
        public void caughtUp() {
            age();
            workers.caughtUp();
        }

        @Override
        public void missing() {
            bucketMissing.run();
        }

        @Override
        public void entry(OrderedReader.Entry entry) {
            Optional<BeatKey> key = BeatKey.parse(entry.key());
            if (key.isEmpty()) {
                ignored.count(IgnoredBeats.MALFORMED_KEY, entry.key());
            } else if (entry.delete()) {
                gone(key.get());
            } else {
                seen(key.get(), entry);
            }
        }

        private void gone(BeatKey key) {
            switch (key) {
                case BeatKey.Worker worker -> workers.gone(worker);
                case BeatKey.Server server -> servers.gone(server);
            }
        }

        private void seen(BeatKey key, OrderedReader.Entry entry) {
            Arrival arrival = new Arrival(time.millis(), watch.now(), entry.timeMillis());
            newest = arrival;
            switch (Beat.parse(key, entry.value())) {
                case WorkerBeat beat -> workers.seen(beat, arrival);
                case ServerBeat beat -> servers.seen(beat, arrival);
                case Beat.Ignored junk -> ignored.count(junk.reason(), entry.key());
            }
        }
    }
}
