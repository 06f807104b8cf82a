package io.natsjob.store;

/** How many of the living there are. {@code enabledJobs} looks at the job's own switch only. */
public record JobCounts(long apps, long jobs, long enabledJobs) {}
