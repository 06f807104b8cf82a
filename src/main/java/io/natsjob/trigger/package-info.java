/**
 * Which jobs are due, and whose fire it is.
 *
 * <p>{@link io.natsjob.trigger.Timer} goes through the seconds one by one and collects what is due from
 * {@link io.natsjob.trigger.Roster}; {@link io.natsjob.trigger.Claimer} makes a row of every fire of a recorded job before its
 * time. What passed while nobody could send it becomes a gap, which {@link io.natsjob.trigger.Evaluation} goes through job by job beside
 * the firing, and {@link io.natsjob.trigger.MakeUp} sends what a job's misfire policy makes up.
 *
 * <p>Guaranteed: a fire of a recorded job is handed on only after its row was committed under this leader's term, so at most
 * one leader hands it on; a fire that is not handed on is counted with a reason, or made up once. Not guaranteed: fires of lite and plus jobs
 * have no row, so those between the settled mark and a take-over are only counted as unknown.
 *
 * <p>Threads: the timer's never waits for the database; the claimer's does. The roster is changed by the timer's thread only.
 */
package io.natsjob.trigger;
