package io.natsjob.cluster;

import io.natsjob.protocol.WorkerBeat;

/**
 * A live worker with all that its last heartbeat said.
 *
 * @param seenAt epoch milliseconds at which this server read its last heartbeat
 */
public record WorkerSeen(Worker worker, String ip, String comment, WorkerBeat.Usage usage, long seenAt) {}
