package io.natsjob.job;

/** What can happen to a run. */
public enum RunEvent {
    /** The worker answered {@code success:next}: the first step of a map is done. */
    STEP_DONE,
    /** The worker answered {@code success}. */
    SUCCEEDED,
    /** The worker answered {@code fail}, or an operator ended the run. */
    FAILED,
    /** The deadline passed, and no answer that NATS took before it is left unread. */
    DEADLINE_PASSED
}
