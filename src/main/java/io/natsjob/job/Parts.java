package io.natsjob.job;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * The workers that an ultra run is addressed to, fixed in its row: one part each, in this order (docs/rules.md 20). Run ids are
 * taken in blocks, so that the sub-ids behind a run's id are no other's.
 *
 * @param broadcast every worker does its shard, and the run is what all of them make of it; else one was chosen
 * @param workerIds 1 to {@value #MAX}, each another and without white space; exactly 1 where one was chosen
 */
public record Parts(boolean broadcast, List<String> workerIds) {
    public static final int MAX = 1_000;
    private static final String BETWEEN = " ";
    /** Before the ids of a broadcast. No worker has this id: in a subject it stands for any. */
    private static final String ALL = "*";

    /** @throws IllegalArgumentException where there are none or too many, or one is empty, holds white space, or comes twice */
    public Parts {
        workerIds = List.copyOf(workerIds);
        if (workerIds.isEmpty() || workerIds.size() > MAX) {
            throw new IllegalArgumentException("parts: " + workerIds.size() + " workers, must be 1 to " + MAX);
        }
        for (String id : workerIds) {
            if (id.isEmpty() || id.chars().anyMatch(Character::isWhitespace)) {
                throw new IllegalArgumentException("parts: worker id '" + id + "' must hold characters other than white space only");
            }
        }
        if (new HashSet<>(workerIds).size() < workerIds.size()) {
            throw new IllegalArgumentException("parts: a worker id comes twice");
        }
        if (workerIds.contains(ALL)) {
            throw new IllegalArgumentException("parts: worker id '" + ALL + "' stands for all");
        }
        if (!broadcast && workerIds.size() > 1) {
            throw new IllegalArgumentException("parts: " + workerIds.size() + " workers where one is chosen");
        }
    }

    /** One worker was chosen. */
    public static Parts one(String workerId) {
        return new Parts(false, List.of(workerId));
    }

    /** A broadcast to all of these. */
    public static Parts all(List<String> workerIds) {
        return new Parts(true, workerIds);
    }

    public int size() {
        return workerIds.size();
    }

    /** The id of part {@code index} (from 0) of a run. */
    public static long subId(long runId, int index) {
        return runId + 1 + index;
    }

    /** Which part of the run {@code runId} has this sub-id; nothing where none has. */
    public OptionalInt indexOf(long runId, long subId) {
        long index = subId - runId - 1;
        return index >= 0 && index < size() ? OptionalInt.of((int) index) : OptionalInt.empty();
    }

    /** As the database keeps it. */
    public String text() {
        String ids = String.join(BETWEEN, workerIds);
        return broadcast ? ALL + BETWEEN + ids : ids;
    }

    /** @throws IllegalArgumentException for a text that {@link #text} never makes */
    public static Parts of(String text) {
        boolean broadcast = text.startsWith(ALL + BETWEEN);
        return new Parts(broadcast, List.of((broadcast ? text.substring(2) : text).split(BETWEEN, -1)));
    }
}
