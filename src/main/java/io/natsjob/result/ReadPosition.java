package io.natsjob.result;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * How far the results bucket was read, and up to where everything read is done with: committed, seen final, or recorded as
 * unknown (docs/rules.md 24). Positions belong to one incarnation of the bucket (docs/rules.md 25): what comes late about an
 * entry of a former one changes nothing. Safe for all threads.
 */
final class ReadPosition {
    /**
     * An entry of the bucket.
     *
     * @param incarnation counts up each time the bucket begins anew, from 0 before the first
     */
    record Place(long incarnation, long revision) {}

    private record Hold(long revision, String namespace, BooleanSupplier needed) {}

    private final TreeSet<Long> undone = new TreeSet<>();
    /** Namespaces in which an answer met a run of this database: no other's answers may be purged (docs/rules.md 26). */
    private final Set<String> ours = new HashSet<>();
    /** Namespaces with answers that are done with and not purged: the last revision of each. */
    private final Map<String, Long> unpurged = new HashMap<>();
    /** Up to where each namespace's answers were removed. */
    private final Map<String, Long> purgedTo = new HashMap<>();
    /** By key, in the order of the bucket: entries that stay although they are done with. */
    private final Map<String, Hold> holds = new LinkedHashMap<>();
    private long incarnation;
    private long read;
    private long created;

    /** The bucket is another one, or has lost its newest entries: forget all positions. */
    synchronized void restart(long bucketCreated) {
        undone.clear();
        unpurged.clear();
        purgedTo.clear();
        holds.clear();
        incarnation++;
        read = 0;
        created = bucketCreated;
    }

    /** Epoch milliseconds at which the bucket that is read was created, 0 before the first. */
    synchronized long created() {
        return created;
    }

    synchronized long incarnation() {
        return incarnation;
    }

    synchronized Place read(long revision) {
        read = Math.max(read, revision);
        undone.add(revision);
        return new Place(incarnation, revision);
    }

    synchronized void done(Place place) {
        if (place.incarnation == incarnation) {
            undone.remove(place.revision);
        }
    }

    /** As {@link #done(Place)}, of an answer whose key names this namespace. */
    synchronized void done(Place place, String namespace) {
        done(place);
        if (place.incarnation == incarnation && ours.contains(namespace)) {
            unpurged.merge(namespace, place.revision, Math::max);
        }
    }

    /** The entry of {@code key} is not purged while it is needed, nor another one of its namespace behind it; unless the key gets a newer entry. */
    synchronized void hold(Place place, String namespace, String key, BooleanSupplier needed) {
        if (place.incarnation == incarnation) {
            holds.remove(key);
            holds.put(key, new Hold(place.revision, namespace, needed));
        }
    }

    /** The key has a new entry, the one that was held is gone. */
    synchronized void answered(String key) {
        holds.remove(key);
    }

    /** A run of this database was answered in this namespace. */
    synchronized void ours(String namespace) {
        ours.add(namespace);
    }

    /** The last revision that was read. */
    synchronized long position() {
        return read;
    }

    /** Everything up to here is done with. */
    synchronized Place committed() {
        return new Place(incarnation, undone.isEmpty() ? read : undone.first() - 1);
    }

    /**
     * The namespaces with answers that are done with and not purged, and up to which revision each may be, at most up to {@code place}: not
     * over an entry that is held.
     */
    synchronized Map<String, Long> purgeable(Place place) {
        if (place.incarnation != incarnation) {
            return Map.of();
        }
        holds.values().removeIf(hold -> !hold.needed.getAsBoolean());
        Map<String, Long> firstHeld = new HashMap<>();
        holds.values().forEach(hold -> firstHeld.merge(hold.namespace, hold.revision, Math::min));
        Map<String, Long> all = new HashMap<>();
        for (String namespace : unpurged.keySet()) {
            long upTo = Math.min(place.revision, firstHeld.getOrDefault(namespace, Long.MAX_VALUE) - 1);
            if (upTo > purgedTo.getOrDefault(namespace, 0L)) {
                all.put(namespace, upTo);
            }
        }
        return all;
    }

    /** The namespace's answers up to {@code place} are gone. */
    synchronized void purged(String namespace, Place place) {
        if (place.incarnation == incarnation) {
            purgedTo.merge(namespace, place.revision, Math::max);
            unpurged.computeIfPresent(namespace, (name, last) -> last <= place.revision ? null : last);
        }
    }
}
