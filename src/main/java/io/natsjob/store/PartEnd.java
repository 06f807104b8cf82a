package io.natsjob.store;

import io.natsjob.job.RunState;

/**
 * How one part of an ultra run has ended. Texts may be null.
 *
 * @param workerId as the answer says, else the one that was addressed
 * @param state    success or fail: a part that nobody answered has no row, it is as its run says
 * @param endedAt  epoch milliseconds
 */
public record PartEnd(long runId, long subId, String workerId, RunState state, String reason, String monitorStatus, String monitorPayload, long endedAt) {
    public PartEnd {
        if (state != RunState.SUCCESS && state != RunState.FAIL) {
            throw new IllegalArgumentException("part " + subId + " of run " + runId + " cannot end as " + state.word());
        }
    }
}
