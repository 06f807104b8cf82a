package io.natsjob.job;

/**
 * A job at one of its times, on its way to a worker.
 *
 * @param slot      the job's place in the leader's memory, by which its newest version is found
 * @param job       as it stood when the fire was collected
 * @param fireAt    epoch milliseconds of the nominal time
 * @param runId     {@code taskId} on the wire
 * @param takenOver claimed by a former leader, which may have sent it already: never dropped, only left to its deadline (docs/rules.md 6)
 * @param args      what the worker gets; for a fire by cron the job's own, read again when it is sent
 * @param storedDeadline as the claim's row has it, epoch milliseconds; 0 without a row
 * @param parts     the workers in the claim's row; null where it is not ultra, or none are picked yet
 */
public record Fire(int slot, Job job, long fireAt, long runId, RunTrigger trigger, boolean takenOver, String args, long storedDeadline, Parts parts) {
    /** Over this late, in milliseconds, a fire is a misfire (docs/rules.md 4). */
    public static final long MAX_LATE_MILLIS = 30_000;
    /** A fire of a job that is not in the leader's memory, such as a manual run of a job just created. */
    public static final int NO_SLOT = -1;

    /** A fire without workers. */
    public Fire(int slot, Job job, long fireAt, long runId, RunTrigger trigger, boolean takenOver, String args, long storedDeadline) {
        this(slot, job, fireAt, runId, trigger, takenOver, args, storedDeadline, null);
    }

    /** This fire with the row that was made for it. */
    public Fire claimed(long id, long deadline) {
        return new Fire(slot, job, fireAt, id, trigger, takenOver, args, deadline, parts);
    }

    /** This fire with the workers of its row. */
    public Fire to(Parts workers) {
        return new Fire(slot, job, fireAt, runId, trigger, takenOver, args, storedDeadline, workers);
    }

    /** This fire with the job as it stands now, and its args where the fire has none of its own. */
    public Fire of(Job current) {
        return current == job ? this : new Fire(slot, current, fireAt, runId, trigger, takenOver, trigger == RunTrigger.MANUAL ? args : current.spec().args(), storedDeadline,
                parts);
    }

    public boolean recorded() {
        return job.spec().recorded();
    }
}
