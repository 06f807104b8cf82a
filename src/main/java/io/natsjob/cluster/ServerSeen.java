package io.natsjob.cluster;

import io.natsjob.protocol.ServerBeat;

/**
 * A live server.
 *
 * @param seenAt epoch milliseconds at which its last heartbeat was read, for this server itself: now
 */
public record ServerSeen(ServerBeat beat, long seenAt) {}
