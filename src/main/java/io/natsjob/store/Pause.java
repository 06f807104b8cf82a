package io.natsjob.store;

/**
 * A pause of firing. Times are epoch milliseconds.
 *
 * @param namespaceId 0 for all namespaces
 * @param pausedAt    the mark after which fires were held
 * @param resumedAt   null while it lasts; else what it held is yet to be counted
 */
public record Pause(long namespaceId, long pausedAt, Long resumedAt) {}
