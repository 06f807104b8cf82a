package io.natsjob.nats;

import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.log.Log;
import io.natsjob.protocol.Buckets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sees to it that the stream and the buckets exist. A missing one is made, with one replica as in the original; an existing
 * one is never changed, whoever made it: what of its settings matters is said once.
 */
public final class Infrastructure {
    /** Bytes of the stream when nothing else is asked for (docs/rules.md 36). */
    public static final long DEFAULT_STREAM_BYTES = 10L << 30;
    private static final Log LOG = Log.of("nats");
    private static final Duration CREATE_LIMIT = Duration.ofSeconds(5);
    /** Bytes: a smaller stream would lose a busy second. */
    private static final long MIN_STREAM_BYTES = 16L << 20;
    private static final int MISSING = 10_059;
    private static final int OTHER_SETTINGS = 10_058;
    private static final Set<Integer> NO_ROOM = Set.of(10_047, 10_028);

    private final NatsLink link;
    private final long streamBytes;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private volatile long duplicateWindowMillis;
    private volatile boolean silent;
    private volatile List<String> full = List.of();

    /** @param streamBytes {@code max_bytes} of the stream if it has to be made, positive */
    public Infrastructure(NatsLink link, long streamBytes) {
        if (streamBytes <= 0) {
            throw new IllegalArgumentException("streamBytes " + streamBytes + ": must be positive");
        }
        this.link = link;
        this.streamBytes = streamBytes;
    }

    /**
     * Makes what is missing. To be called after each connection, and again while there are problems. Waits at most about
     * half a minute.
     *
     * @return what could not be had, in plain words; empty: all is there
     */
    public List<String> ensure() {
        List<String> problems = new ArrayList<>();
        boolean unanswered = false;
        List<String> noRoom = new ArrayList<>();
        for (StreamShape shape : shapes()) {
            try {
                if (full(ensure(shape))) {
                    noRoom.add(shape.name());
                }
            } catch (NatsException e) {
                problems.add(e.getMessage());
                unanswered |= e.kind() != NatsException.Kind.REFUSED;
                if (e.kind() != NatsException.Kind.REFUSED || e.code() == 503 || e.code() == 10_076 || e.code() == 10_039) {
                    // the others would say the same
                    break;
                }
            }
        }
        silent = unanswered;
        full = List.copyOf(noRoom);
        return List.copyOf(problems);
    }

    /** Whether the last {@link #ensure} went without an answer to some request, so that its problems prove nothing about what was there. */
    public boolean silent() {
        return silent;
    }

    /** The streams that refuse new messages, or nearly, for they had reached their own {@code max_bytes} when {@link #ensure} looked. */
    public List<String> full() {
        return full;
    }

    /** How long the stream knows a message id, as it was made by whomever; 0 until it was seen (docs/rules.md 17). */
    public long duplicateWindowMillis() {
        return duplicateWindowMillis;
    }

    private List<StreamShape> shapes() {
        return List.of(StreamShape.jobs(streamBytes), StreamShape.bucket(Buckets.RESULTS, "jobResults", Buckets.KEPT_SECONDS),
                StreamShape.bucket(Buckets.HEARTBEAT, "heartbeat", Buckets.ALIVE_SECONDS),
                StreamShape.bucket(Buckets.LEADER, "serverLB", Buckets.ALIVE_SECONDS));
    }

    private JsonValue ensure(StreamShape shape) {
        JsonValue info;
        try {
            info = info(shape);
        } catch (NatsException e) {
            if (e.code() != MISSING) {
                throw e;
            }
            info = make(shape);
        }
        look(shape, JsonValueUtils.readValue(info, "config"));
        return info;
    }

    /** Less than a hundredth is left, which one answer may need. A stream that lets the oldest go is never full. */
    private static boolean full(JsonValue info) {
        JsonValue config = JsonValueUtils.readValue(info, "config");
        JsonValue state = JsonValueUtils.readValue(info, "state");
        if (config == null || state == null || !"new".equals(JsonValueUtils.readString(config, "discard"))) {
            return false;
        }
        long most = JsonValueUtils.readLong(config, "max_bytes", -1);
        return most > 0 && JsonValueUtils.readLong(state, "bytes", 0) > most - most / 100;
    }

    private JsonValue info(StreamShape shape) {
        return JsApi.call(link.live(), "stream " + shape.name(), "STREAM.INFO." + shape.name(), "", JsApi.LOOK_UP);
    }

    private JsonValue make(StreamShape shape) {
        try {
            return create(shape);
        } catch (NatsException e) {
            if (e.code() == OTHER_SETTINGS) {
                // another server made it in between
                return info(shape);
            }
            if (NO_ROOM.contains(e.code()) && !shape.isBucket()) {
                return makeSmaller(shape, e);
            }
            throw e;
        }
    }

    private JsonValue create(StreamShape shape) {
        JsonValue made = JsApi.call(link.live(), "making stream " + shape.name(), "STREAM.CREATE." + shape.name(), shape.json(), CREATE_LIMIT);
        LOG.info("NATS stream made", "name", shape.name());
        return made;
    }

    /** Half of what is left; where NATS does not say how much that is, or it is wrong, half of that and so on. */
    private JsonValue makeSmaller(StreamShape shape, NatsException noRoom) {
        long bytes = Math.min(shape.maxBytes(), freeBytes()) / 2;
        for (; bytes >= MIN_STREAM_BYTES; bytes /= 2) {
            try {
                JsonValue made = create(shape.withMaxBytes(bytes));
                LOG.warn("little room for the NATS stream: when it is full its oldest messages go", "name", shape.name(), "maxBytes", bytes,
                        "wanted", shape.maxBytes());
                return made;
            } catch (NatsException e) {
                if (!NO_ROOM.contains(e.code())) {
                    throw e;
                }
            }
        }
        throw noRoom;
    }

    /** Bytes that the account has left, or what a long holds where it has no limit of its own. */
    private long freeBytes() {
        JsonValue info = JsApi.call(link.live(), "account of NATS", "INFO", "", JsApi.LOOK_UP);
        JsonValue limits = JsonValueUtils.readValue(info, "limits");
        long max = limits == null ? -1 : JsonValueUtils.readLong(limits, "max_storage", -1);
        return max < 0 ? Long.MAX_VALUE : Math.max(0, max - JsonValueUtils.readLong(info, "storage", 0));
    }

    private void look(StreamShape shape, JsonValue config) {
        if (config == null) {
            return;
        }
        long window = JsonValueUtils.readLong(config, "duplicate_window", 0);
        long age = JsonValueUtils.readLong(config, "max_age", 0);
        if (!shape.isBucket()) {
            duplicateWindowMillis = window / 1_000_000;
            expect(window >= shape.duplicateWindowNanos(), shape, "duplicate_window", Duration.ofNanos(window).toSeconds() + " s",
                    "after an outage jobs on stored subjects are sent again for a shorter time only");
            expect(JsonValueUtils.readStringList(config, "subjects").contains(shape.subjects()), shape, "subjects",
                    JsonValueUtils.readStringList(config, "subjects"), "jobs on other subjects are refused");
        } else {
            expect(JsonValueUtils.readLong(config, "max_msgs_per_subject", -1) == 1, shape, "history",
                    JsonValueUtils.readLong(config, "max_msgs_per_subject", -1), "older values of a key are read too");
        }
        expect(age == 0 || age >= shape.maxAgeNanos(), shape, "max_age", Duration.ofNanos(age).toSeconds() + " s", "entries are gone earlier than natsjob expects");
        expect("file".equals(JsonValueUtils.readString(config, "storage")), shape, "storage", JsonValueUtils.readString(config, "storage"),
                "a restart of NATS loses what is in it");
        expect("limits".equals(JsonValueUtils.readString(config, "retention")), shape, "retention", JsonValueUtils.readString(config, "retention"),
                "messages may go before they were read");
    }

    private void expect(boolean good, StreamShape shape, String setting, Object found, String meaning) {
        if (!good && said.add(shape.name() + " " + setting + " " + found)) {
            LOG.warn("an existing NATS stream is kept as it is", "name", shape.name(), "setting", setting, "found", found, "meaning", meaning);
        }
    }
}
