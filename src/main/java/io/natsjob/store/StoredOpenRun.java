package io.natsjob.store;

import io.natsjob.job.Parts;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;

/**
 * An open run as a starting leader loads it (docs/rules.md 33); fields as in {@link NewRun}, {@code term} is that of its claim.
 *
 * @param step   where it stands
 * @param stepAt epoch milliseconds at which the main step of a map was committed, null before and for every other run
 */
public record StoredOpenRun(long id, long jobId, long jobVersion, RunNames names, RunTrigger trigger, long fireAt, int attempt, long deadlineAt, long term, String args,
        RunStep step, Long stepAt, Parts parts) {}
