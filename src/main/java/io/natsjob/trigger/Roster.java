package io.natsjob.trigger;

import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.job.Job;
import io.natsjob.log.Log;
import io.natsjob.time.Wheel;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/**
 * The jobs that this leader watches, each in a numbered slot, armed in the wheel for its next fire. Changed by one thread (the
 * timer's); {@link #job}, {@link #entry}, {@link #slot}, {@link #ids} and {@link #firesAt} may be asked by all.
 */
public final class Roster {
    private static final Log LOG = Log.of("trigger");

    /** Parsed expressions kept beyond two a job: edits leave some behind that nobody uses. */
    private static final int MAX_UNUSED_SCHEDULES = 1_000;

    /** @param schedule null where it cannot be read */
    record Entry(Job job, Schedule schedule) {}

    private final ZoneId serverZone;
    private final Wheel wheel = new Wheel();
    /** Guarded by itself. */
    private final LongIndex slots = new LongIndex();
    private final ArrayDeque<Integer> freed = new ArrayDeque<>();
    /** Jobs mostly share a few hundred expressions: parsed once for all of them. */
    private final Map<String, Schedule> parsed = new HashMap<>();
    private volatile AtomicReferenceArray<Entry> entries = new AtomicReferenceArray<>(1_024);
    private volatile int size;

    public Roster(ZoneId serverZone) {
        this.serverZone = serverZone;
    }

    /** Takes over a new or changed job; its first fire is later than {@code after} (epoch milliseconds). */
    public void put(Job job, long after) {
        Entry entry = new Entry(job, parse(job));
        Schedule schedule = entry.schedule();
        int slot = slot(job.id());
        if (slot == LongIndex.ABSENT) {
            slot = newSlot();
            entries.set(slot, entry);
            synchronized (slots) {
                slots.add(job.id(), slot);
            }
        } else {
            entries.set(slot, entry);
        }
        if (schedule == null || !job.live()) {
            wheel.remove(slot);
        } else {
            arm(slot, after);
        }
    }

    public void remove(long jobId) {
        int slot = slot(jobId);
        if (slot != LongIndex.ABSENT) {
            synchronized (slots) {
                slots.remove(jobId);
            }
            wheel.remove(slot);
            entries.set(slot, null);
            freed.push(slot);
        }
    }

    /** Hands on the slots of the jobs that fire at {@code fireAt} and arms each for its next fire. To be called for every second in turn. */
    void collect(long fireAt, IntConsumer due) {
        wheel.drain(fireAt / 1_000, slot -> {
            arm(slot, fireAt);
            due.accept(slot);
        });
    }

    /** The job in {@code slot}, null when it was deleted. */
    public Job job(int slot) {
        Entry entry = slot < 0 ? null : entries.get(slot);
        return entry == null ? null : entry.job();
    }

    /** The job in {@code slot} and its schedule at one moment, null when it was deleted. */
    Entry entry(int slot) {
        return slot < 0 ? null : entries.get(slot);
    }

    /** The slot of a job, or {@link io.natsjob.job.Fire#NO_SLOT}. */
    public int slot(long jobId) {
        synchronized (slots) {
            return slots.get(jobId);
        }
    }

    /** The ids of all jobs, sorted: eight bytes for each. A job that comes or goes meanwhile may be missing. */
    long[] ids() {
        long[] ids = IntStream.range(0, size).mapToObj(this::entry).filter(Objects::nonNull).mapToLong(entry -> entry.job().id()).toArray();
        Arrays.sort(ids);
        return ids;
    }

    /** One more than the highest slot in use. */
    public int size() {
        return size;
    }

    /** Whether the job in {@code slot}, as it stands now, fires by itself at {@code fireAt}. */
    public boolean firesAt(int slot, long fireAt) {
        Entry entry = entry(slot);
        return entry != null && entry.schedule() != null && entry.job().live()
                && fireAt > entry.job().spec().timing().anchor() && entry.job().spec().timing().inWindow(fireAt)
                && entry.schedule().firesAt(fireAt, entry.job().spec().timing().anchor());
    }

    private void arm(int slot, long after) {
        Entry entry = entries.get(slot);
        long next = entry.job().spec().timing().next(entry.schedule(), after);
        if (next == Schedule.NEVER) {
            wheel.remove(slot);
        } else {
            wheel.put(slot, next / 1_000);
        }
    }

    private Schedule parse(Job job) {
        String zone = job.spec().timing().zone();
        String key = (zone == null ? "" : zone) + '\n' + job.spec().timing().schedule();
        Schedule known = parsed.get(key);
        if (known != null) {
            return known;
        }
        if (parsed.size() > MAX_UNUSED_SCHEDULES + 2 * size) {
            parsed.clear();
        }
        try {
            Schedule schedule = job.spec().timing().parse(serverZone);
            parsed.put(key, schedule);
            return schedule;
        } catch (CronException e) {
            LOG.warn("a job's schedule cannot be read on this server, it does not fire", "job", job.path(), "schedule", job.spec().timing().schedule(), "why", e.getMessage());
            return null;
        }
    }

    private int newSlot() {
        if (!freed.isEmpty()) {
            return freed.pop();
        }
        AtomicReferenceArray<Entry> old = entries;
        if (size == old.length()) {
            AtomicReferenceArray<Entry> grown = new AtomicReferenceArray<>(size + (size >> 1));
            for (int i = 0; i < size; i++) {
                grown.setPlain(i, old.getPlain(i));
            }
            entries = grown;
        }
        return size++;
    }
}
