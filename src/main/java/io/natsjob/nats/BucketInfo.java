package io.natsjob.nats;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.protocol.Buckets;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Asks for the state of a bucket, or of another stream. */
final class BucketInfo {
    private BucketInfo() {}

    static BucketState of(Live live, String bucket) {
        return ofStream(live, bucket, Buckets.streamOf(bucket));
    }

    static BucketState ofStream(Live live, String name, String stream) {
        String what = "state of " + name;
        JsonValue info = JsApi.call(live, what, "STREAM.INFO." + stream, "", JsApi.LOOK_UP);
        JsonValue state = JsonValueUtils.readValue(info, "state");
        String created = JsonValueUtils.readString(info, "created");
        if (state == null || created == null) {
            throw new NatsException(NatsException.Kind.NO_ANSWER, 0, what + ": the answer has no state");
        }
        return new BucketState(millis(what, created), created, JsonValueUtils.readLong(state, "first_seq", 0),
                JsonValueUtils.readLong(state, "last_seq", 0), JsonValueUtils.readLong(state, "messages", 0));
    }

    private static long millis(String what, String created) {
        try {
            return Instant.parse(created).toEpochMilli();
        } catch (DateTimeParseException e) {
            throw new NatsException(NatsException.Kind.NO_ANSWER, 0, what + ": 'created' is not a time: " + created);
        }
    }
}
