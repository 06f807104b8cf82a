package io.natsjob.cluster;

/**
 * One time of holding the lease, without a break.
 *
 * @param number     counts up from 1 in each process
 * @param termBefore the term that stood in the database before the lease was taken (docs/rules.md 9)
 */
public record Tenure(long number, long termBefore) {}
