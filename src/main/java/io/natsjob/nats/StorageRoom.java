package io.natsjob.nats;

import io.natsjob.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Whether JetStream has room for what one connection stores. A refusal for lack of room stands until something is stored, at most
 * a minute, since the next try may be far. It knows nothing of streams that natsjob does not write to. Safe for all threads.
 */
public final class StorageRoom {
    static final long KEPT_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** Of an account, of the server, of memory and disk, of a stream. */
    private static final Set<Integer> NO_ROOM = Set.of(10_002, 10_023, 10_028, 10_047, 10_077);

    private final Clock clock;
    private Full full;
    private long refusedAt;

    /**
     * No room.
     *
     * @param detail      JetStream's words
     * @param sinceMillis epoch milliseconds of the first refusal
     */
    public record Full(String detail, long sinceMillis) {}

    StorageRoom(Clock clock) {
        this.clock = clock;
    }

    synchronized void stored() {
        full = null;
    }

    /** @param failure any; those that tell nothing about room are passed over */
    synchronized void failed(Throwable failure) {
        int code = failure instanceof PublishRefused refused ? refused.code() : failure instanceof NatsException asked ? asked.code() : 0;
        if (NO_ROOM.contains(code)) {
            full = new Full(failure.getMessage(), full == null ? clock.millis() : full.sinceMillis);
            refusedAt = clock.nanos();
        }
    }

    /** Nothing while there is room, as far as is known. */
    public synchronized Optional<Full> full() {
        if (full != null && clock.nanos() - refusedAt > KEPT_NANOS) {
            full = null;
        }
        return Optional.ofNullable(full);
    }
}
