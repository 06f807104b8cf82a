package io.natsjob.dispatch;

import io.natsjob.job.Job;

/** The state of the world that a fire meets at its time. */
public interface Conditions {
    /** Whether this server still leads, in the term of the claim. */
    boolean leading();

    /** Whether NATS can be reached, with stream and buckets in place. */
    boolean connected();

    /** Whether firing is paused, everywhere or for the job's namespace. */
    boolean paused(Job job);

    /** Whether it is known which workers live: for up to two seconds after a take-over it may not be (docs/rules.md 21). */
    boolean workersKnown();

    /** Waits for {@link #workersKnown()}, at most those two seconds. */
    void awaitWorkers();

    /** Whether a worker of the job's app lives, whatever its weight. */
    boolean workerLives(Job job);
}
