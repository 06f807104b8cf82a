package io.natsjob.job;

/** An application in a namespace: the owner of jobs and workers. Fields as in {@link Namespace}. */
public record App(long id, long version, Namespace namespace, String name, String comment, boolean enabled, long createdAt, long updatedAt) {
    /** The app that the first start creates in the default namespace. */
    public static final String DEFAULT = "biz";
}
