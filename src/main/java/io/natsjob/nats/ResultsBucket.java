package io.natsjob.nats;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.ResultKey;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Questions to the bucket of answers, and the removal of what is done. All are answered by the leader of its stream. */
public final class ResultsBucket {
    private static final String STREAM = Buckets.streamOf(Buckets.RESULTS);
    private static final String ALL = Buckets.subjectOf(Buckets.RESULTS, ">");
    /** A filtered purge of a large backlog takes seconds on old servers (2.9: 25,000 keys a second). */
    private static final Duration PURGE_LIMIT = Duration.ofSeconds(10);
    private static final int NO_MESSAGE = 10_037;

    private final NatsLink link;
    private final BooleanSupplier mayPurge;

    public ResultsBucket(NatsLink link) {
        this(link, () -> true);
    }

    private ResultsBucket(NatsLink link, BooleanSupplier mayPurge) {
        this.link = link;
        this.mayPurge = mayPurge;
    }

    /** The same bucket, of which nothing is removed unless {@code allowed} says so right before: for one leader's time. */
    public ResultsBucket purgingWhile(BooleanSupplier allowed) {
        return new ResultsBucket(link, allowed);
    }

    /** @throws NatsException after two seconds at most */
    public BucketState info() {
        return BucketInfo.of(link.live(), Buckets.RESULTS);
    }

    /**
     * Whether an entry later than {@code seq} is there now (docs/rules.md 23). False also when later ones were removed.
     *
     * @throws NatsException after two seconds at most
     */
    public boolean anythingAfter(long seq) {
        String body = "{\"seq\":" + (seq + 1) + ",\"next_by_subj\":\"" + ALL + "\"}";
        try {
            JsApi.call(link.live(), "look-up in " + Buckets.RESULTS, "STREAM.MSG.GET." + STREAM, body, JsApi.LOOK_UP);
            return true;
        } catch (NatsException e) {
            if (e.code() == NO_MESSAGE) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Removes the answers of one namespace below {@code belowSeq}; that one and later ones stay. No marker is left.
     *
     * @return how many went
     * @throws NatsException where this server may not, or NATS refuses, or after ten seconds: then it may have been done, and may be asked again
     */
    public long purge(String namespace, long belowSeq) {
        if (belowSeq <= 1) {
            // JetStream takes sequence 0 for "no limit" and would remove all
            return 0;
        }
        if (!mayPurge.getAsBoolean()) {
            throw new NatsException(NatsException.Kind.NOT_CONNECTED, 0, "purge of " + Buckets.RESULTS + ": this server does not lead now");
        }
        String filter = Buckets.subjectOf(Buckets.RESULTS, ResultKey.allOf(namespace));
        String body = "{\"filter\":\"" + filter + "\",\"seq\":" + belowSeq + "}";
        JsonValue answer = JsApi.call(link.live(), "purge of " + Buckets.RESULTS, "STREAM.PURGE." + STREAM, body, PURGE_LIMIT);
        return JsonValueUtils.readLong(answer, "purged", 0);
    }
}
