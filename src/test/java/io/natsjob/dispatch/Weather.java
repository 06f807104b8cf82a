package io.natsjob.dispatch;

import io.natsjob.job.Job;

/** Conditions that a test sets. */
final class Weather implements Conditions {
    volatile boolean leading = true;
    volatile boolean connected = true;
    volatile boolean paused;
    volatile boolean workersKnown = true;
    volatile boolean workerLives = true;
    volatile Runnable onAwaitWorkers = () -> { };

    @Override
    public boolean leading() {
        return leading;
    }

    @Override
    public boolean connected() {
        return connected;
    }

    @Override
    public boolean paused(Job job) {
        return paused;
    }

    @Override
    public boolean workersKnown() {
        return workersKnown;
    }

    @Override
    public void awaitWorkers() {
        onAwaitWorkers.run();
    }

    @Override
    public boolean workerLives(Job job) {
        return workerLives;
    }
}
