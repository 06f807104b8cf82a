package io.natsjob.store;

/**
 * An answer that the database refused for itself (docs/rules.md 28).
 *
 * @param id      set by the insert
 * @param at      epoch milliseconds
 * @param keyText its key in the results bucket
 * @param payload its text, at most 4,096 characters
 * @param reason  why, in plain words
 */
public record Parked(long id, long at, String keyText, String payload, String reason) {}
