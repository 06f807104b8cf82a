package io.natsjob.trigger;

/** Stands for the answers of workers: how far they are committed, and how far that would survive a loss of power. */
final class Answers implements Durability {
    long committed;
    long durable;

    @Override
    public long committed() {
        return committed > durable ? committed : 0;
    }

    @Override
    public void durable(long revision) {
        durable = Math.max(durable, revision);
    }
}
