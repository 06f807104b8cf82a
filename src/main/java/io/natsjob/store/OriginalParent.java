package io.natsjob.store;

/**
 * A namespace or an app of the original natsjob, as its row stands.
 *
 * @param namespaceId 0 for a namespace
 * @param name        may be null
 * @param comment     may be null
 * @param createdAt   the column's text, may be null
 * @param updatedAt   the column's text, may be null
 */
public record OriginalParent(long id, long namespaceId, String name, String comment, boolean deleted, String createdAt, String updatedAt) {}
