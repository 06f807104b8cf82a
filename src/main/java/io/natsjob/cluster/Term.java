package io.natsjob.cluster;

import io.natsjob.store.Marks;

/**
 * One leader's time.
 *
 * @param number  counts up over all leaders of a database
 * @param takenAt epoch milliseconds: claims later than that are this leader's to send (docs/rules.md 10)
 * @param marks   as the former leader left them
 */
public record Term(long number, long takenAt, Marks marks) {}
