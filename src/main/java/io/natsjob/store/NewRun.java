package io.natsjob.store;

import io.natsjob.job.Parts;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;

/**
 * A claim: a run about to get its row. Times are epoch milliseconds.
 *
 * @param args  what the worker shall get; the empty text for none
 * @param step  the first that it goes through
 * @param parts null where it is not ultra, or its workers are picked at its dispatch
 */
public record NewRun(long id, long jobId, long jobVersion, RunNames names, RunTrigger trigger, long fireAt, int attempt, long deadlineAt, String args,
        RunStep step, Parts parts) {}
