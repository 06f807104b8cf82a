package io.natsjob.store;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunTrigger;

/**
 * A claim: a run about to get its row. Times are epoch milliseconds.
 *
 * @param args what the worker shall get; the empty text for none
 */
public record NewRun(long id, long jobId, long jobVersion, RunNames names, RunTrigger trigger, long fireAt, int attempt, long deadlineAt, String args) {}
