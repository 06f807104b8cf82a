package io.natsjob.store;

import io.natsjob.job.RunState;

/**
 * What is written when a run ends. Texts may be null. Times are epoch milliseconds.
 *
 * @param state  a final one
 * @param sentAt kept in memory until now (docs/rules.md 33); 0 where nobody knows whether it was sent
 */
public record RunEnd(long id, RunState state, String reason, String monitorStatus, String monitorPayload, String workerId, long sentAt, long deadlineAt, long endedAt) {
    public RunEnd {
        if (!state.isFinal()) {
            throw new IllegalArgumentException("run " + id + " cannot end as " + state.word());
        }
    }
}
