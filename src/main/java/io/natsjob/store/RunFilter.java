package io.natsjob.store;

import io.natsjob.job.RunState;

/**
 * Which runs a list shows; null means any.
 *
 * @param namespace      equals the run's own name, as {@code app}, {@code job}, {@code monitorStatus} and {@code workerId} do
 * @param from           first fire time, epoch milliseconds
 * @param to             fire time behind the last, epoch milliseconds
 * @param reason         contained in the run's, as {@code monitorPayload} is; ASCII letters in either case
 * @param visibleUpTo    the settled mark: open runs with a later fire time are claims, not runs yet, unless made by hand
 */
public record RunFilter(String namespace, String app, String job, Long jobId, RunState state, Long from, Long to, String reason,
        String monitorStatus, String monitorPayload, String workerId, long visibleUpTo) {
    /** All runs. */
    public static RunFilter all(long visibleUpTo) {
        return new RunFilter(null, null, null, null, null, null, null, null, null, null, null, visibleUpTo);
    }

    /** The runs of one job. */
    public static RunFilter ofJob(long jobId, long visibleUpTo) {
        return new RunFilter(null, null, null, jobId, null, null, null, null, null, null, null, visibleUpTo);
    }
}
