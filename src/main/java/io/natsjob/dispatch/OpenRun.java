package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.Parts;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.Standing;

/**
 * A run from its sending until its end is committed, as the leader's memory knows it. Its state moves once, a map's step once
 * before that; whoever moves it writes it.
 */
public final class OpenRun {
    private final long id;
    private final long jobId;
    private final RunNames names;
    private final RunTrigger trigger;
    private final long fireAt;
    private volatile long storedDeadline;
    private volatile long deadlineAt;
    private final long sentAt;
    private volatile SkipReason doubt;
    /** What the main step of a map is sent with; null for other runs, and where nobody knows. */
    private volatile Fire main;
    /** Null where the run is not addressed to workers. */
    private volatile OpenParts parts;
    /** Written by {@link OpenRuns} under its lock. */
    private volatile Standing standing = new Standing(RunState.RUNNING, RunStep.MAIN);
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

    /** This run as a map's in its first step; to be said before any other thread sees it. */
    public OpenRun inFirstStep(Fire mainStep) {
        standing = new Standing(RunState.RUNNING, RunStep.PRE);
        main = mainStep;
        return this;
    }

    /** This run as addressed to these workers, null: to nobody by name; to be said before any other thread sees it. */
    public OpenRun to(Parts workers) {
        parts = workers == null ? null : new OpenParts(id, workers);
        return this;
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

    /** The row's deadline was moved. */
    public void deadlineStored(long millis) {
        storedDeadline = millis;
    }

    /** Of its present step, epoch milliseconds; an answer that NATS took later is late. */
    public long deadlineAt() {
        return deadlineAt;
    }

    void deadlineAt(long millis) {
        deadlineAt = millis;
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

    /** What the main step is sent with; null where it has none, or nobody knows. */
    public Fire main() {
        return main;
    }

    /** Its parts, where it is addressed to workers by name, else null. */
    public OpenParts parts() {
        return parts;
    }

    public RunStep step() {
        return standing.step();
    }

    RunState state() {
        return standing.state();
    }

    /** Moves as {@link Standing} allows; false where it does not. For {@link OpenRuns}, under its lock. */
    boolean move(RunEvent event, RunStep of) {
        Standing before = standing;
        standing = before.after(event, of).orElse(before);
        return standing != before;
    }
}
