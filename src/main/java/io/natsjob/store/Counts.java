package io.natsjob.store;

/** Row counts of a batch. */
final class Counts {
    private Counts() {}

    static int sum(int[] counts) {
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }
}
