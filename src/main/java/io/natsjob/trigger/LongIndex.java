package io.natsjob.trigger;

import java.util.Arrays;

/** Positive long -> int by open addressing: 24 bytes an entry at half load, where a HashMap takes over 80. For one thread. */
final class LongIndex {
    static final int ABSENT = -1;
    private static final long REMOVED = -1;

    private long[] keys = new long[1_024];
    private int[] values = new int[1_024];
    private int used;
    private int live;

    int get(long key) {
        for (int i = place(key); keys[i] != 0; i = i + 1 & keys.length - 1) {
            if (keys[i] == key) {
                return values[i];
            }
        }
        return ABSENT;
    }

    /** {@code key} must not be there. */
    void add(long key, int value) {
        if (2 * (used + 1) > keys.length) {
            rebuild();
        }
        int i = place(key);
        while (keys[i] != 0) {
            i = i + 1 & keys.length - 1;
        }
        keys[i] = key;
        values[i] = value;
        used++;
        live++;
    }

    void remove(long key) {
        for (int i = place(key); keys[i] != 0; i = i + 1 & keys.length - 1) {
            if (keys[i] == key) {
                keys[i] = REMOVED;
                live--;
                return;
            }
        }
    }

    private int place(long key) {
        long mixed = key * 0x9E3779B97F4A7C15L;
        return (int) (mixed >>> 32) & keys.length - 1;
    }

    private void rebuild() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        int size = 1_024;
        while (size < 4 * (live + 1)) {
            size *= 2;
        }
        keys = new long[size];
        values = new int[size];
        Arrays.fill(keys, 0);
        used = 0;
        live = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] > 0) {
                add(oldKeys[i], oldValues[i]);
            }
        }
    }
}
