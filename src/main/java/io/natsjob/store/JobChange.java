package io.natsjob.store;

import io.natsjob.job.Job;

/**
 * A job that was edited, itself or by its app or namespace.
 *
 * @param changeSeq number of the newest of these edits
 * @param job       null when it was deleted
 */
public record JobChange(long changeSeq, long jobId, Job job) {}
