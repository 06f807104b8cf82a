package io.natsjob.job;

/**
 * An isolated world of apps, jobs and workers (dev, uat, test).
 *
 * @param id        positive
 * @param version   counts up with each change, for optimistic locking
 * @param name      see {@link Names}
 * @param createdAt epoch milliseconds
 * @param updatedAt epoch milliseconds
 */
public record Namespace(long id, long version, String name, String comment, boolean enabled, long createdAt, long updatedAt) {
    /** The namespace that exists from the first start on and can be neither renamed nor deleted. */
    public static final String DEFAULT = "app";
}
