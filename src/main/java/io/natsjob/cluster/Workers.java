package io.natsjob.cluster;

import io.natsjob.log.Log;
import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.WorkerBeat;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The workers that live, as this server sees them: their heartbeats came within 30 s in which they could be read (looked at
 * each second), and they did not delete their key. Reads are safe for all threads and cost nothing. Not guaranteed: that a
 * worker listed here still lives, nor that two servers list them in the same order.
 */
public final class Workers {
    /** A full registry refuses new ids and keeps the known (docs/rules.md 37). */
    public static final int MAX_PER_APP = 10_000;
    public static final int MAX = 100_000;
    private static final Log LOG = Log.of("cluster");

    private record AppName(String namespace, String app) {}

    private final Map<AppName, AppWorkers> apps = new ConcurrentHashMap<>();
    private final IgnoredBeats ignored;
    private final long lifeNanos;
    private final CountDownLatch known = new CountDownLatch(1);
    private volatile int size;
    private long registrations;

    /** @param life how long a worker lives after a heartbeat; {@link Arrival#LIFE} but for tests */
    Workers(IgnoredBeats ignored, Duration life) {
        this.ignored = ignored;
        this.lifeNanos = life.toNanos();
    }

    public Workers(IgnoredBeats ignored) {
        this(ignored, Arrival.LIFE);
    }

    /** The live workers of an app, whatever their weight, in the order in which this server registered them; not modifiable. */
    public List<Worker> live(String namespace, String app) {
        AppWorkers workers = apps.get(new AppName(namespace, app));
        if (workers == null) {
            return List.of();
        }
        List<Worker> cached = workers.cached();
        return cached != null ? cached : listed(workers);
    }

    private synchronized List<Worker> listed(AppWorkers workers) {
        return workers.list();
    }

    /** Whether a worker of the app lives, whatever its weight. */
    public boolean any(String namespace, String app) {
        return apps.containsKey(new AppName(namespace, app));
    }

    /** The workers of a namespace or app with all that they said; null for all. */
    public synchronized List<WorkerSeen> seen(String namespace, String app) {
        return apps.entrySet().stream().filter(each -> matches(each.getKey(), namespace, app)).flatMap(each -> each.getValue().seen().stream()).toList();
    }

    /** How many live in a namespace; null for all. */
    public synchronized int count(String namespace) {
        return namespace == null ? size
                : apps.entrySet().stream().filter(each -> matches(each.getKey(), namespace, null)).mapToInt(each -> each.getValue().size()).sum();
    }

    private static boolean matches(AppName name, String namespace, String app) {
        return (namespace == null || name.namespace.equals(namespace)) && (app == null || name.app.equals(app));
    }

    /** Whether all heartbeats that stood in NATS at the start were read: before that nobody may say that no worker lives. */
    public boolean known() {
        return known.getCount() == 0;
    }

    /** Waits for {@link #known()}, at most {@code limit}. */
    public boolean awaitKnown(Duration limit) throws InterruptedException {
        return known.await(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    synchronized void seen(WorkerBeat beat, Arrival arrival) {
        AppName name = new AppName(beat.key().namespace(), beat.key().app());
        AppWorkers workers = apps.get(name);
        boolean isNew = workers == null || !workers.knows(beat.key().id());
        if (isNew && (size >= MAX || workers != null && workers.size() >= MAX_PER_APP)) {
            ignored.count(IgnoredBeats.FULL, beat.key().text());
            return;
        }
        if (isNew) {
            size++;
            registrations++;
            LOG.debug("worker registered", "key", beat.key().text(), "weight", beat.weight());
        }
        if (workers == null) {
            workers = new AppWorkers();
            workers.seen(beat, arrival, registrations, lifeNanos);
            // only now: whoever finds an app finds a worker in it
            apps.put(name, workers);
        } else {
            workers.seen(beat, arrival, registrations, lifeNanos);
        }
    }

    synchronized void gone(BeatKey.Worker key) {
        AppName name = new AppName(key.namespace(), key.app());
        AppWorkers workers = apps.get(name);
        if (workers != null && workers.remove(key.id())) {
            size--;
            drop(name, workers);
            LOG.debug("worker gave up its key", "key", key.text());
        }
    }

    /** What waited in the bucket was read. */
    void caughtUp() {
        known.countDown();
    }

    /** What was read since {@code from} may have waited in the bucket: it is as old as NATS says. */
    synchronized void aged(long from, Arrival newest) {
        apps.values().forEach(workers -> workers.aged(from, newest, lifeNanos));
    }

    /** Removes those whose life is over at {@code watched}. */
    synchronized void sweep(long watched) {
        apps.forEach((name, workers) -> {
            List<String> dead = workers.sweep(watched);
            size -= dead.size();
            drop(name, workers);
            if (!dead.isEmpty()) {
                LOG.debug("workers without heartbeat are dead", "namespace", name.namespace, "app", name.app, "workers", dead.size(), "first", dead.getFirst());
            }
        });
    }

    private void drop(AppName name, AppWorkers workers) {
        if (workers.size() == 0) {
            apps.remove(name);
        }
    }
}
