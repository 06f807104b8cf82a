package io.natsjob.dispatch;

import io.natsjob.job.RunEvent;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;

/**
 * A run from its sending until its end is committed, as the leader's memory knows it. Its state moves once; whoever moves it
 * writes it.
 */
public final class OpenRun {
    private final long id;
    private final long jobId;
    private final RunNames names;
    private final RunTrigger trigger;
    private final long fireAt;
    private volatile long storedDeadline;
    private final long deadlineAt;
    private final long sentAt;
    private volatile SkipReason doubt;
    /** Guarded by {@link OpenRuns}. */
    private RunState state = RunState.RUNNING;
    /** Place in the wheel of deadlines, guarded by {@link OpenRuns}. */
    int slot;

    /**
     * @param storedDeadline as the row has it, epoch milliseconds
     * @param sentAt         epoch milliseconds; of a run taken over the time at which it was due, since nobody knows better
     */
    public OpenRun(long id, long jobId, RunNames names, RunTrigger trigger, long fireAt, long storedDeadline, long deadlineAt, long sentAt) {
        this.id = id;
        this.jobId = jobId;
        this.names = names;
        this.trigger = trigger;
        this.fireAt = fireAt;
        this.storedDeadline = storedDeadline;
        this.deadlineAt = deadlineAt;
        this.sentAt = sentAt;
    }

    public long id() {
        return id;
    }

    public long jobId() {
        return jobId;
    }

    public RunNames names() {
        return names;
    }

    public RunTrigger trigger() {
        return trigger;
    }

    public long fireAt() {
        return fireAt;
    }

    public long storedDeadline() {
        return storedDeadline;
    }

    /** The row's deadline was moved to the one that the worker was told. */
    public void deadlineStored() {
        storedDeadline = deadlineAt;
    }

    /** Epoch milliseconds; an answer that NATS took later is late. */
    public long deadlineAt() {
        return deadlineAt;
    }

    public long sentAt() {
        return sentAt;
    }

    /** Why it may never have reached a worker, null when nothing speaks for that; told when it expires. */
    public SkipReason doubt() {
        return doubt;
    }

    public void doubt(SkipReason reason) {
        doubt = reason;
    }

    RunState state() {
        return state;
    }

    /** Moves to the state that {@code event} leads to; false when it has ended before. */
    boolean move(RunEvent event) {
        RunState before = state;
        state = before.next(event).orElse(before);
        return state != before;
    }
}
