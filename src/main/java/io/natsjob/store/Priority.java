package io.natsjob.store;

/** Whose write goes first when several wait; within one priority the order is that of arrival (docs/rules.md 32). */
public enum Priority {
    /** Claims and marks: a fire may wait for them. */
    CLAIM,
    /** Changes made by people. */
    EDIT,
    /** Results of runs; their duration feeds {@link Database#batchRows}. */
    ANSWERS,
    /** Steps that workers report. */
    STEPS,
    /** Deleting what is too old. Under a load that never pauses it waits, at most as long as any write. */
    RETENTION
}
