package io.natsjob.job;

/**
 * One run of a job as it stands in the database. It keeps the names under which it was sent. Times are epoch milliseconds.
 *
 * @param id          positive, ordered by time; {@code taskId} on the wire
 * @param scheduledAt the nominal fire time, for a manual run its own instant
 * @param sentAt      null while the run is open: until then only the leader's memory knows it
 * @param endedAt     null while the run is open
 * @param args        what the worker got, never null
 * @param parts       the workers of an ultra run, null for others and before they are picked
 */
public record Run(long id, long jobId, RunNames names, int attempt, RunTrigger trigger, RunState state, long scheduledAt, Long sentAt,
        long deadlineAt, Long endedAt, String reason, String monitorStatus, String monitorPayload, String workerId, String args, long term, Parts parts) {}
