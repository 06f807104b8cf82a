package io.natsjob.cluster;

import io.natsjob.store.Marks;

/**
 * One leader's time.
 *
 * @param number  counts up over all leaders of a database
 * @param takenAt epoch milliseconds: claims later than that are this leader's to send (docs/rules.md 10)
 * @param marks   from where this leader goes on
 * @param left    as the former leader left them; other than {@code marks} where those lay ahead of the clock (docs/rules.md 31)
 */
public record Term(long number, long takenAt, Marks marks, Marks left) {
    /** A term whose marks needed no correction. */
    public Term(long number, long takenAt, Marks marks) {
        this(number, takenAt, marks, marks);
    }
}
