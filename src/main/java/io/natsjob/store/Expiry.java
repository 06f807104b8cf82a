package io.natsjob.store;

import io.natsjob.job.RunStep;

/**
 * The end of a run by its deadline.
 *
 * @param step           in which the row must still be (docs/rules.md 29)
 * @param storedDeadline the deadline that the row must still have, epoch milliseconds (docs/rules.md 29)
 */
public record Expiry(RunEnd end, RunStep step, long storedDeadline) {}
