package io.natsjob.store;

import io.natsjob.job.RunNames;

/**
 * A row of natsjob_step: what a worker reported while it did a job. Texts are never null when it is inserted.
 *
 * @param id        ordered by the time of storing
 * @param runId     of the run that the worker named; there need be none
 * @param report    what the worker said
 * @param createdAt when NATS took it, epoch milliseconds
 * @param origin    where it came from
 */
public record Step(long id, long runId, RunNames names, Report report, long createdAt, Origin origin) {
    /**
     * What the worker said.
     *
     * @param sceneName and {@code reason}, {@code monitorPayload}: up to 1,024 code points, the other texts up to 64
     * @param startAt   epoch milliseconds, or null, as {@code endAt}
     */
    public record Report(String workerId, String sceneId, String sceneName, String status, String reason, String monitorStatus,
            String monitorPayload, Long startAt, Long endAt) {}

    /**
     * The key under which a step is stored once (docs/rules.md 30).
     *
     * @param streamCreated epoch milliseconds: another incarnation of the stream begins its sequences anew
     */
    public record Origin(long streamCreated, long sequence) {}
}
