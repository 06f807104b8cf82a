package io.natsjob.result;

import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * How far the results bucket was read, and up to where everything read is done with: committed, seen final, or recorded as
 * unknown (docs/rules.md 24). Positions belong to one incarnation of the bucket (docs/rules.md 25). Safe for all threads.
 */
final class ReadPosition {
    private final TreeSet<Long> undone = new TreeSet<>();
    private Set<String> namespaces = new HashSet<>();
    private long read;
    private long created;

    /** The bucket is another one: forget all positions. */
    synchronized void restart(long bucketCreated) {
        undone.clear();
        namespaces.clear();
        read = 0;
        created = bucketCreated;
    }

    /** Epoch milliseconds at which the bucket that is read was created, 0 before the first. */
    synchronized long created() {
        return created;
    }

    synchronized void read(long revision) {
        read = Math.max(read, revision);
        undone.add(revision);
    }

    synchronized void done(long revision) {
        undone.remove(revision);
    }

    /** As {@link #done}, of an answer in a namespace of ours, which a purge may remove. */
    synchronized void done(long revision, String namespace) {
        undone.remove(revision);
        namespaces.add(namespace);
    }

    /** The last revision that was read. */
    synchronized long position() {
        return read;
    }

    /** Everything up to here is done with. */
    synchronized long committed() {
        return undone.isEmpty() ? read : undone.first() - 1;
    }

    /** The namespaces of the answers done with since the last call. */
    synchronized Set<String> takeNamespaces() {
        Set<String> taken = namespaces;
        namespaces = new HashSet<>();
        return taken;
    }

    synchronized void giveBack(Set<String> unpurged) {
        namespaces.addAll(unpurged);
    }
}
