package io.natsjob.store;

/**
 * Seconds in which nobody fired, in (after, upTo], on their way to be evaluated by the jobs' misfire policies (docs/rules.md 34).
 *
 * @param id       counts up, 0 before it is stored
 * @param recorded of the jobs that have rows, or of the others
 * @param after    epoch milliseconds
 * @param upTo     epoch milliseconds
 * @param reason   the word under which fires are counted that are not made up
 * @param cursor   jobs up to this id are evaluated
 */
public record Gap(long id, boolean recorded, long after, long upTo, String reason, long cursor) {
    /** A new one, of whose jobs none is evaluated. */
    public Gap(boolean recorded, long after, long upTo, String reason) {
        this(0, recorded, after, upTo, reason, 0);
    }
}
