package io.natsjob.cluster;

import io.natsjob.time.SteadyTime;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Run ids, made by the leader only: max(last + 1, milliseconds &lt;&lt; 20), so that ids are ordered by time and never repeat
 * even where the clock went back (docs/rules.md 35).
 */
public final class RunIds {
    private static final int SHIFT = 20;
    private final SteadyTime time;
    private final AtomicLong last;

    /** @param last the greatest id in the database */
    public RunIds(SteadyTime time, long last) {
        this.time = time;
        this.last = new AtomicLong(last);
    }

    public long next() {
        return block(1);
    }

    /** The first of {@code count} (1 or more) ids that follow each other and are all the caller's. */
    public long block(int count) {
        if (count < 1) {
            throw new IllegalArgumentException("a block of " + count + " run ids: must be 1 or more");
        }
        long floor = floor(time.millis());
        return last.updateAndGet(id -> Math.max(id + 1, floor) + count - 1) - count + 1;
    }

    /** Epoch milliseconds at which {@code id} was made, later than that where the clock had gone back. */
    public static long millis(long id) {
        return id >> SHIFT;
    }

    /** The smallest id that can be made at {@code millis}, as far as ids follow the clock. */
    public static long floor(long millis) {
        return millis << SHIFT;
    }
}
