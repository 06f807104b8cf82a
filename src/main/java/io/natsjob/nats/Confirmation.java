package io.natsjob.nats;

/**
 * Whether the server has taken everything that was published on one incarnation of a link before this was asked.
 *
 * @param confirmed   the answer came in time
 * @param incarnation the one that was asked; 0 where there was none. What was published on another is not confirmed
 */
public record Confirmation(boolean confirmed, long incarnation) {}
