package io.natsjob.cluster;

import io.natsjob.protocol.WorkerBeat;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The live workers of one app, in the order of their registration. Guarded by its registry, but for {@link #cached}. */
final class AppWorkers {
    /** One worker; its texts are what the page shows. */
    private static final class Entry {
        private Worker worker;
        private String ip;
        private String comment;
        private WorkerBeat.Usage usage;
        private Arrival arrival;
        private long aliveUntil;

        private WorkerSeen seen() {
            return new WorkerSeen(worker, ip, comment, usage, arrival.millis());
        }
    }

    private final Map<String, Entry> byId = new LinkedHashMap<>();
    /** Made anew when somebody asks after a change, so that a fire costs nothing and a thousand arrivals one copy. */
    private volatile List<Worker> live;

    /** The workers, or null while they must be listed anew. */
    List<Worker> cached() {
        return live;
    }

    List<Worker> list() {
        List<Worker> now = live;
        if (now == null) {
            now = byId.values().stream().map(entry -> entry.worker).toList();
            live = now;
        }
        return now;
    }

    List<WorkerSeen> seen() {
        return byId.values().stream().map(Entry::seen).toList();
    }

    boolean knows(String id) {
        return byId.containsKey(id);
    }

    int size() {
        return byId.size();
    }

    /** @param number of a worker that is not known yet */
    void seen(WorkerBeat beat, Arrival arrival, long number, long life) {
        Entry entry = byId.computeIfAbsent(beat.key().id(), id -> new Entry());
        Worker before = entry.worker;
        if (before == null || before.weight() != beat.weight()) {
            entry.worker = before == null ? worker(beat, number, arrival.millis()) : worker(beat, before.number(), before.firstSeenAt());
            live = null;
        }
        entry.ip = beat.ip();
        entry.comment = beat.comment();
        entry.usage = beat.usage();
        entry.arrival = arrival;
        entry.aliveUntil = arrival.watched() + life;
    }

    private static Worker worker(WorkerBeat beat, long number, long firstSeenAt) {
        return new Worker(beat.key().namespace(), beat.key().app(), beat.key().id(), number, beat.weight(), firstSeenAt);
    }

    boolean remove(String id) {
        boolean was = byId.remove(id) != null;
        if (was) {
            live = null;
        }
        return was;
    }

    void aged(long from, Arrival newest, long life) {
        for (Entry entry : byId.values()) {
            if (entry.arrival.watched() >= from) {
                entry.aliveUntil = entry.arrival.lifeEnds(life, newest);
            }
        }
    }

    /** Removes the dead and answers who they were. */
    List<String> sweep(long watched) {
        List<String> dead = new ArrayList<>();
        for (Iterator<Entry> entries = byId.values().iterator(); entries.hasNext();) {
            Entry entry = entries.next();
            if (entry.aliveUntil <= watched) {
                dead.add(entry.worker.id());
                entries.remove();
            }
        }
        if (!dead.isEmpty()) {
            live = null;
        }
        return dead;
    }
}
