package io.natsjob.job;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;

/**
 * The workers that an ultra run is addressed to, fixed in its row: one part each, in this order (docs/rules.md 20). Run ids are
 * taken in blocks, so that the sub-ids behind a run's id are no other's.
 *
 * @param workerIds 1 to {@value #MAX}, each another and without white space
 */
public record Parts(List<String> workerIds) {
    public static final int MAX = 1_000;
    private static final String BETWEEN = " ";

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
        return String.join(BETWEEN, workerIds);
    }

    /** @throws IllegalArgumentException for a text that {@link #text} never makes */
    public static Parts of(String text) {
        return new Parts(List.of(text.split(BETWEEN, -1)));
    }
}
