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
}
