package io.natsjob.store;

/**
 * The end of a run by its deadline.
 *
 * @param storedDeadline the deadline that the row must still have, epoch milliseconds (docs/rules.md 29)
 */
public record Expiry(RunEnd end, long storedDeadline) {}
