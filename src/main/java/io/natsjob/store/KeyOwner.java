package io.natsjob.store;

/** The run that holds a key (job, fire time, attempt), and the term that claimed it (docs/rules.md 5). */
public record KeyOwner(long jobId, long fireAt, int attempt, long id, long term) {}
