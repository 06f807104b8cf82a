package io.natsjob.store;

import io.natsjob.job.Run;

/**
 * Where a list of runs goes on: behind this run, by (fire time, attempt) in a job's list, by id in all others.
 */
public record RunCursor(long id, long fireAt, int attempt) {
    public static RunCursor after(Run run) {
        return new RunCursor(run.id(), run.scheduledAt(), run.attempt());
    }
}
