package io.natsjob.job;

/**
 * A job as it stands in the database.
 *
 * @param id        positive
 * @param version   counts up with each change, for optimistic locking
 * @param createdAt epoch milliseconds
 * @param updatedAt epoch milliseconds
 */
public record Job(long id, long version, App app, JobSpec spec, long createdAt, long updatedAt) {
    /** Whether it may fire by itself: the job, its app and its namespace are all enabled. */
    public boolean live() {
        return spec.enabled() && app.enabled() && app.namespace().enabled();
    }

    public String name() {
        return spec.name();
    }

    /** {@code namespace/app/job}, for logs and messages. */
    public String path() {
        return app.namespace().name() + "/" + app.name() + "/" + name();
    }
}
