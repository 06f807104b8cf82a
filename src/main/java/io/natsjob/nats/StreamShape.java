package io.natsjob.nats;

import io.natsjob.protocol.Buckets;

/**
 * How the stream or a bucket is made when it is missing: as the original does (docs/protocol.md). Every member is known to
 * nats-server 2.9.
 *
 * @param maxAgeSeconds how long a message stays
 * @param history       messages kept for each subject, -1 without limit
 * @param maxBytes      -1 without limit
 * @param replicas      servers of the cluster that keep it, 1, 3 or 5
 */
record StreamShape(String name, String description, String subjects, int maxAgeSeconds, int history, long maxBytes, int replicas) {
    private static final long SECOND = 1_000_000_000L;

    static StreamShape jobs(long maxBytes) {
        return new StreamShape(Buckets.STREAM, "natsjob", Buckets.STREAM_SUBJECTS, Buckets.KEPT_SECONDS, -1, maxBytes, 1);
    }

    static StreamShape bucket(String bucket, String description, int maxAgeSeconds) {
        return new StreamShape(Buckets.streamOf(bucket), description, Buckets.subjectOf(bucket, ">"), maxAgeSeconds, 1, -1, 1);
    }

    StreamShape withMaxBytes(long bytes) {
        return new StreamShape(name, description, subjects, maxAgeSeconds, history, bytes, replicas);
    }

    StreamShape withReplicas(int copies) {
        return new StreamShape(name, description, subjects, maxAgeSeconds, history, maxBytes, copies);
    }

    /** Whether a compare-and-set in it decides who leads. */
    boolean isLease() {
        return name.equals(Buckets.streamOf(Buckets.LEADER));
    }

    boolean isBucket() {
        return history == 1;
    }

    long maxAgeNanos() {
        return maxAgeSeconds * SECOND;
    }

    /** The window may not be longer than the age. */
    long duplicateWindowNanos() {
        return Math.min(maxAgeSeconds, Buckets.DUPLICATE_WINDOW_SECONDS) * SECOND;
    }

    /** The body of STREAM.CREATE. */
    String json() {
        return "{\"name\":\"" + name + "\",\"description\":\"" + description + "\",\"subjects\":[\"" + subjects + "\"],"
                + "\"retention\":\"limits\",\"storage\":\"file\",\"num_replicas\":" + replicas + ",\"discard\":\"" + (isBucket() ? "new" : "old") + "\","
                + "\"max_consumers\":-1,\"max_msgs\":-1,\"max_bytes\":" + maxBytes + ",\"max_msg_size\":-1,"
                + "\"max_age\":" + maxAgeNanos() + ",\"max_msgs_per_subject\":" + history + ","
                + "\"duplicate_window\":" + duplicateWindowNanos() + ",\"deny_delete\":" + isBucket() + ",\"deny_purge\":false,"
                + "\"allow_rollup_hdrs\":true,\"allow_direct\":true}";
    }
}
