package io.natsjob.dispatch;

import io.natsjob.job.Job;

/** Conditions that a test sets. */
final class Weather implements Conditions {
    volatile boolean leading = true;
    volatile boolean connected = true;
    volatile boolean paused;

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
}
