package io.natsjob.store;

/**
 * A fire that was missed and is to be made up.
 *
 * @param id     its place in the order of making up, 0 before it is stored
 * @param fireAt its nominal time, epoch milliseconds
 * @param reason the word under which it is counted if it is not made up after all
 * @param judged it is among the newest of its outage; false: it was claimed and could not be sent, and the outage that it began in is
 *               perhaps not evaluated yet
 */
public record MissedFire(long id, long jobId, long fireAt, String reason, boolean judged) {}
