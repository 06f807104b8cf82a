package io.natsjob.protocol;

/** Names and times of the stream and the key-value buckets (docs/protocol.md). */
public final class Buckets {
    /** The stream that keeps every subject below {@code natsjob.}. */
    public static final String STREAM = "natsjob";
    public static final String STREAM_SUBJECTS = "natsjob.>";
    /** Workers put their answers here. */
    public static final String RESULTS = "natsjob-job-results";
    /** Workers and servers say here that they live. */
    public static final String HEARTBEAT = "natsjob-heartbeat";
    /** The leader's lease. */
    public static final String LEADER = "natsjob-lb";

    /** On an empty value that the server has written under a result key before it published the message. */
    public static final String PRESET_HEADER = "Natsjob-Preset";

    /** Seconds that a message stays in the stream, and an answer in its bucket. */
    public static final int KEPT_SECONDS = 86_400;
    /** Seconds that a heartbeat or lease stays in its bucket. */
    public static final int ALIVE_SECONDS = 30;
    /** Seconds during which the stream knows a message id again (docs/rules.md 17). */
    public static final int DUPLICATE_WINDOW_SECONDS = 120;

    private Buckets() {}

    /** The stream that holds a bucket. */
    public static String streamOf(String bucket) {
        return "KV_" + bucket;
    }

    /** The subject of a key of a bucket; the key may hold wildcards. */
    public static String subjectOf(String bucket, String key) {
        return "$KV." + bucket + "." + key;
    }
}
