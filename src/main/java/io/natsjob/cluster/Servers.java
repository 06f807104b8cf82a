package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.ServerBeat;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The servers that live, ours and originals, seen as {@link Workers} are. Decides nothing: who leads is said by the lease. Safe for all threads. */
public final class Servers {
    /** A full registry refuses new ids and keeps the known. */
    public static final int MAX = 1_000;
    private static final Log LOG = Log.of("cluster");

    private record Entry(ServerBeat beat, Arrival arrival, long aliveUntil, Offsets offsets) {
        boolean leads() {
            return beat.ours().leader() && beat.updateTime() > 0;
        }
    }

    private final Map<BeatKey.Server, Entry> byKey = new LinkedHashMap<>();
    private final IgnoredBeats ignored;
    private final long lifeNanos;

    /** @param life how long a server lives after a heartbeat; {@link Arrival#LIFE} but for tests */
    Servers(IgnoredBeats ignored, Duration life) {
        this.ignored = ignored;
        this.lifeNanos = life.toNanos();
    }

    public Servers(IgnoredBeats ignored) {
        this(ignored, Arrival.LIFE);
    }

    /** In the order in which this server saw them first. */
    public synchronized List<ServerSeen> seen() {
        return byKey.values().stream().map(entry -> new ServerSeen(entry.beat, entry.arrival.millis())).toList();
    }

    synchronized void seen(ServerBeat beat, Arrival arrival) {
        Entry before = byKey.get(beat.key());
        if (before == null && byKey.size() >= MAX) {
            ignored.count(IgnoredBeats.FULL, beat.key().text());
            return;
        }
        byKey.put(beat.key(), new Entry(beat, arrival, arrival.watched() + lifeNanos, offsets(before, beat.updateTime() - arrival.natsMillis())));
        if (before == null) {
            LOG.info("server seen", "id", beat.key().id(), "namespace", beat.key().namespace(), "host", beat.system().machine().hostname());
        }
    }

    private static Offsets offsets(Entry before, long newest) {
        return before == null ? Offsets.of(newest) : before.offsets.and(newest);
    }

    /**
     * By how many milliseconds the clock of server {@code id} is ahead of that of its leader, by what both said in their heartbeats and when NATS
     * took them; nothing where either is not known, or it leads itself.
     */
    synchronized OptionalLong aheadOfLeader(String id) {
        Optional<Entry> own = byKey.values().stream().filter(each -> each.beat.key().id().equals(id)).findFirst();
        // Right after a change of the leader two may say that they lead.
        Optional<Entry> leader = own.flatMap(mine -> byKey.values().stream().filter(Entry::leads)
                .filter(each -> each.beat.ours().database().equals(mine.beat.ours().database())).max(Comparator.comparingLong(each -> each.beat.ours().term())));
        if (leader.isEmpty() || own.get() == leader.get()) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(own.get().offsets.best() - leader.get().offsets.best());
    }

    synchronized void gone(BeatKey.Server key) {
        if (byKey.remove(key) != null) {
            LOG.info("server stopped", "id", key.id(), "namespace", key.namespace());
        }
    }

    /** What was read since {@code from} may have waited in the bucket: it is as old as NATS says. */
    synchronized void aged(long from, Arrival newest) {
        byKey.replaceAll((key, entry) -> entry.arrival.watched() < from ? entry
                : new Entry(entry.beat, entry.arrival, entry.arrival.lifeEnds(lifeNanos, newest), entry.offsets));
    }

    /** Removes those whose life is over at {@code watched}. */
    synchronized void sweep(long watched) {
        byKey.entrySet().removeIf(each -> {
            boolean dead = each.getValue().aliveUntil <= watched;
            if (dead) {
                LOG.warn("server without heartbeat", "id", each.getKey().id(), "namespace", each.getKey().namespace());
            }
            return dead;
        });
    }
}
