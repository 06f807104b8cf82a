package io.natsjob.nats;

import io.nats.client.impl.Headers;
import io.natsjob.protocol.Buckets;
import java.time.Duration;

/** Puts and deletes keys of one bucket. Nothing is kept for a later connection; what went unanswered may have been done. Safe for all threads. */
public final class KeyWriter {
    private static final Headers DELETE = new Headers().put("KV-Operation", "DEL");

    private final NatsLink link;
    private final String bucket;

    public KeyWriter(NatsLink link, String bucket) {
        this.link = link;
        this.bucket = bucket;
    }

    /**
     * Returns when NATS has it.
     *
     * @throws NatsException where NATS refuses or does not answer within {@code limit}
     */
    public void put(String key, byte[] value, Duration limit) {
        try {
            JsApi.store(link.live(), "putting " + key, Buckets.subjectOf(bucket, key), null, value, limit);
            link.room().stored();
        } catch (NatsException e) {
            link.room().failed(e);
            throw e;
        }
    }

    /**
     * Leaves a marker that the key was deleted; returns when NATS has it.
     *
     * @throws NatsException as {@link #put}
     */
    public void delete(String key, Duration limit) {
        JsApi.store(link.live(), "deleting " + key, Buckets.subjectOf(bucket, key), DELETE, new byte[0], limit);
    }
}
