package io.natsjob.cluster;

/**
 * A live worker, as far as a choice among workers needs it.
 *
 * @param number      counts registrations on this server, from 1: who came later has a greater one
 * @param weight      0: nothing of ultra
 * @param firstSeenAt epoch milliseconds at which this server registered it
 */
public record Worker(String namespace, String app, String id, long number, int weight, long firstSeenAt) {}
