package io.natsjob.nats;

import io.nats.client.impl.Headers;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.protocol.Buckets;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads and compare-and-sets of the leader's bucket. Every answer comes from the leader of its stream, within one second: a direct
 * get may be answered by a replica that is behind. No call is repeated here. That a write was refused or not answered proves
 * nothing about the lease; only its acknowledgement does.
 */
public final class LeaderBucket {
    /** For each request; shorter than any deadline of a lease. */
    public static final Duration LIMIT = Duration.ofSeconds(1);
    /** Keys looked at; more groups than this on one NATS account would be a mistake. */
    static final int MAX_KEYS = 64;
    private static final String BUCKET = Buckets.LEADER;
    private static final String STREAM = Buckets.streamOf(BUCKET);
    private static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    private static final String EXPECTED_REVISION = "Nats-Expected-Last-Subject-Sequence";
    private static final String OPERATION = "KV-Operation";
    private static final int NO_MESSAGE = 10_037;

    private final NatsLink link;

    public LeaderBucket(NatsLink link) {
        this.link = link;
    }

    /**
     * The newest entry of {@code key}, markers of a removal included.
     *
     * @throws NatsException after one second at most; also where the bucket is missing
     */
    public Optional<KeyEntry> find(String key) {
        String body = "{\"last_by_subj\":\"" + Buckets.subjectOf(BUCKET, key) + "\"}";
        try {
            JsonValue answer = JsApi.call(link.live(), "look-up in " + BUCKET, "STREAM.MSG.GET." + STREAM, body, LIMIT);
            return Optional.of(entry(key, JsonValueUtils.readValue(answer, "message")));
        } catch (NatsException e) {
            if (e.code() == NO_MESSAGE) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * The keys that {@code filter} matches, markers of a removal included, at most {@value #MAX_KEYS}.
     *
     * @throws NatsException after one second at most
     */
    public List<String> keys(String filter) {
        String body = "{\"subjects_filter\":\"" + Buckets.subjectOf(BUCKET, filter) + "\"}";
        JsonValue answer = JsApi.call(link.live(), "keys of " + BUCKET, "STREAM.INFO." + STREAM, body, LIMIT);
        JsonValue subjects = JsonValueUtils.readValue(JsonValueUtils.readValue(answer, "state"), "subjects");
        int prefix = Buckets.subjectOf(BUCKET, "").length();
        return subjects == null || subjects.map == null ? List.of()
                : subjects.map.keySet().stream().map(subject -> subject.substring(prefix)).sorted().limit(MAX_KEYS).toList();
    }

    /**
     * Writes {@code key} if its newest entry is still {@code expected}, 0 for none.
     *
     * @return the new revision
     * @throws NatsException REFUSED where NATS says that another revision stands (10071), or that another write is under way (10164)
     */
    public long put(String key, String value, Map<String, String> headers, long expected) {
        Headers all = headers(headers);
        all.put(EXPECTED_REVISION, Long.toString(expected));
        return store(key, value, all);
    }

    /** As {@link #put}, but whatever stands there. */
    public long put(String key, String value) {
        return store(key, value, headers(Map.of()));
    }

    /** As {@link #put}, with a marker that says the key is gone: whoever creates it next succeeds, also an original. */
    public long remove(String key, Map<String, String> headers, long expected) {
        Headers all = headers(headers);
        all.put(EXPECTED_REVISION, Long.toString(expected));
        all.put(OPERATION, "DEL");
        return store(key, "", all);
    }

    /** Whether this NATS may acknowledge two writes that expect the same revision: clustered and older than 2.9.21. */
    public boolean unsafeCompareAndSet() {
        NatsState state = link.state();
        return state.connected() && state.clustered() && Versions.older(state.version(), 2, 9, 21);
    }

    private static Headers headers(Map<String, String> given) {
        Headers headers = new Headers().put(EXPECTED_STREAM, STREAM);
        given.forEach((name, value) -> headers.put(name, value));
        return headers;
    }

    private long store(String key, String value, Headers headers) {
        JsonValue ack = JsApi.store(link.live(), "write to " + BUCKET, Buckets.subjectOf(BUCKET, key), headers,
                value.getBytes(StandardCharsets.UTF_8), LIMIT);
        long seq = JsonValueUtils.readLong(ack, "seq", 0);
        if (seq == 0) {
            throw new NatsException(NatsException.Kind.NO_ANSWER, 0, "write to " + BUCKET + ": the answer is not the stream's");
        }
        return seq;
    }

    private static KeyEntry entry(String key, JsonValue message) {
        String what = "look-up in " + BUCKET;
        try {
            String time = JsonValueUtils.readString(message, "time", "");
            Map<String, String> headers = parse(text(JsonValueUtils.readString(message, "hdrs", "")));
            String operation = headers.getOrDefault(OPERATION, "");
            return new KeyEntry(key, text(JsonValueUtils.readString(message, "data", "")), operation.equals("DEL") || operation.equals("PURGE"), headers,
                    JsonValueUtils.readLong(message, "seq", 0), Instant.parse(time).toEpochMilli());
        } catch (DateTimeParseException | IllegalArgumentException e) {
            throw new NatsException(NatsException.Kind.NO_ANSWER, 0, what + ": the answer cannot be read: " + e.getMessage());
        }
    }

    private static String text(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
    }

    /** {@code NATS/1.0}, then {@code Name: value} on each line. */
    private static Map<String, String> parse(String block) {
        Map<String, String> headers = new HashMap<>();
        for (String line : block.split("\r\n")) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                headers.putIfAbsent(line.substring(0, colon), line.substring(colon + 1).strip());
            }
        }
        return headers;
    }
}
