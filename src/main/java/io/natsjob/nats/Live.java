package io.natsjob.nats;

import io.nats.client.Connection;
import java.util.concurrent.CompletableFuture;

/**
 * One connection of a link, from its making to its first cut.
 *
 * @param incarnation counts up from 1
 * @param cut         completes at the first cut, or when the link gives it up
 */
record Live(long incarnation, Connection connection, CompletableFuture<Void> cut) {
    boolean connected() {
        return !cut.isDone() && connection.getStatus() == Connection.Status.CONNECTED;
    }
}
