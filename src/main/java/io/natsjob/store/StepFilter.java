package io.natsjob.store;

import io.natsjob.job.RunState;

/**
 * Which steps of a run a list shows; null means any.
 *
 * @param names       equal the step's own
 * @param run         what the run must be
 * @param from        first {@code created_at}, epoch milliseconds
 * @param to          {@code created_at} behind the last
 * @param texts       of the step
 */
public record StepFilter(long runId, Named names, OfRun run, Long from, Long to, Texts texts) {
    public record Named(String namespace, String app, String job) {}

    public record OfRun(Long jobId, RunState state) {}

    /** {@code reason} and {@code monitorPayload} are contained, ASCII letters in either case; the others equal. */
    public record Texts(String status, String reason, String monitorStatus, String monitorPayload, String workerId) {}

    /** All steps of a run. */
    public static StepFilter ofRun(long runId) {
        return new StepFilter(runId, new Named(null, null, null), new OfRun(null, null), null, null, new Texts(null, null, null, null, null));
    }
}
