package io.natsjob.result;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

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

    private final TreeSet<Long> undone = new TreeSet<>();
    /** Namespaces in which an answer met a run of this database: no other's answers may be purged (docs/rules.md 26). */
    private final Set<String> ours = new HashSet<>();
    /** Namespaces with answers that are done with and not purged: the last revision of each. */
    private final Map<String, Long> unpurged = new HashMap<>();
    private long incarnation;
    private long read;
    private long created;

    /** The bucket is another one, or has lost its newest entries: forget all positions. */
    synchronized void restart(long bucketCreated) {
        undone.clear();
        unpurged.clear();
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

    /** The namespaces with answers that are done with and not purged. */
    synchronized Set<String> unpurged() {
        return Set.copyOf(unpurged.keySet());
    }

    /** The answers of {@link #unpurged} up to {@code place} are gone. */
    synchronized void purged(Place place) {
        if (place.incarnation == incarnation) {
            unpurged.values().removeIf(last -> last <= place.revision);
        }
    }
}
