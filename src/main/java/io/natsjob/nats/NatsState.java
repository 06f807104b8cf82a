package io.natsjob.nats;

/**
 * How a link stands.
 *
 * @param url         the server it is connected to, without a login; null while it is not
 * @param version     of that server; null while not connected
 * @param clustered   whether that server belongs to a cluster
 * @param problem     what is wrong and what to do, in plain words; null where nothing is
 * @param sinceMillis epoch milliseconds of the last change
 */
public record NatsState(boolean connected, String url, String version, boolean clustered, String problem, long sinceMillis) {}
