package io.natsjob.time;

import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * A hashed timing wheel over small integers (indexes of jobs or of open runs): slot = second modulo the number of slots, the
 * entries of a slot chained both ways through arrays, 16 bytes an entry and no object. Putting and removing cost a few
 * nanoseconds; an entry that lies further ahead than a turn is passed over once a turn. Not safe for several threads.
 */
public final class Wheel {
    private static final int NONE = -1;
    /** 4096 seconds, a little over an hour: 1,000,000 daily jobs leave about 250 entries to pass over in a second. */
    private static final int SLOTS = 4_096;

    private final int[] heads = new int[SLOTS];
    private int[] next = new int[0];
    private int[] previous = new int[0];
    /** The second of an entry; 0: not in the wheel. */
    private long[] seconds = new long[0];
    /** The last second that was drained, 0 before the first. */
    private long drained;

    public Wheel() {
        Arrays.fill(heads, NONE);
    }

    /**
     * Arms {@code index} for {@code wanted} (epoch seconds, positive), moving it if it was armed. A second that was drained
     * before will not come again: the entry comes with the next.
     */
    public void put(int index, long wanted) {
        if (wanted <= 0) {
            throw new IllegalArgumentException("second must be positive: " + wanted);
        }
        long second = Math.max(wanted, drained + 1);
        grow(index);
        remove(index);
        int slot = slot(second);
        seconds[index] = second;
        next[index] = heads[slot];
        previous[index] = NONE;
        if (heads[slot] != NONE) {
            previous[heads[slot]] = index;
        }
        heads[slot] = index;
    }

    public void remove(int index) {
        if (index >= seconds.length || seconds[index] == 0) {
            return;
        }
        if (previous[index] == NONE) {
            heads[slot(seconds[index])] = next[index];
        } else {
            next[previous[index]] = next[index];
        }
        if (next[index] != NONE) {
            previous[next[index]] = previous[index];
        }
        seconds[index] = 0;
    }

    /** The second for which {@code index} is armed, 0 if it is not. */
    public long second(int index) {
        return index < seconds.length ? seconds[index] : 0;
    }

    /**
     * Takes every entry whose time is not later than {@code second}. A call looks through the slots of the seconds since the
     * last one, the first call through all; {@code due} may put the entry back at a later second.
     */
    public void drain(long second, IntConsumer due) {
        long from = Math.max(drained + 1, second - SLOTS + 1);
        drained = Math.max(drained, second);
        for (long each = from; each <= second; each++) {
            drainSlot(each, second, due);
        }
    }

    private void drainSlot(long slotOf, long second, IntConsumer due) {
        int index = heads[slot(slotOf)];
        while (index != NONE) {
            int following = next[index];
            if (seconds[index] <= second) {
                remove(index);
                due.accept(index);
            }
            index = following;
        }
    }

    private static int slot(long second) {
        return (int) (second & (SLOTS - 1));
    }

    private void grow(int index) {
        if (index < seconds.length) {
            return;
        }
        int size = Math.max(index + 1, Math.max(1_024, seconds.length + (seconds.length >> 1)));
        next = Arrays.copyOf(next, size);
        previous = Arrays.copyOf(previous, size);
        seconds = Arrays.copyOf(seconds, size);
    }
}
