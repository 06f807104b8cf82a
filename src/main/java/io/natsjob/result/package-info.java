/**
 * Answers and deadlines end runs; steps are kept.
 *
 * <p>{@link io.natsjob.result.AnswerReader} takes the answers from the results bucket in order; {@link io.natsjob.result.Deadlines}
 * takes the runs whose time is over; both move the run's state in memory, once, and hand the transition to
 * {@link io.natsjob.result.ResultWriter}, which commits many at a time. {@link io.natsjob.result.Purger} lets NATS forget what is committed and durable.
 *
 * <p>{@link io.natsjob.result.StepReader} stores the steps that workers report, once each and in order, before NATS gets its
 * acknowledgement. {@link io.natsjob.result.Monitor} tells listeners of answers and steps, at most once.
 *
 * <p>Guaranteed: an answer that NATS acknowledged before the deadline ends its run, or waits in NATS while the database is away;
 * nothing is removed from NATS before its commit; a final state never changes. Not guaranteed: an answer is seen once. After a
 * crash it may be read again, which changes nothing.
 *
 * <p>Threads: one reader of answers, one of steps (it commits them itself), one that tells listeners, as many writers as the
 * database takes batches in parallel, one for deadlines, one for purging. When the writers' queues are full the reader waits,
 * and the answers stay in NATS.
 */
package io.natsjob.result;
