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
import java.util.stream.Stream;

/**
 * Sees to it that the stream and the buckets exist. A missing one is made, with three replicas in a NATS cluster that can keep them, else
 * one; an existing one is never changed, whoever made it: what of its settings matters is said once.
 */
public final class Infrastructure {
    /** Bytes of the stream when nothing else is asked for (docs/rules.md 36). */
    public static final long DEFAULT_STREAM_BYTES = 10L << 30;
    /** Three replicas in a cluster of three servers or more, else one. */
    public static final int AUTO_REPLICAS = 0;
    private static final Log LOG = Log.of("nats");
    private static final Duration CREATE_LIMIT = Duration.ofSeconds(5);
    /** Bytes: a smaller stream would lose a busy second. */
    private static final long MIN_STREAM_BYTES = 16L << 20;
    private static final int MISSING = 10_059;
    private static final int OTHER_SETTINGS = 10_058;
    private static final Set<Integer> NO_ROOM = Set.of(10_047, 10_028);
    /** Too few servers, or too few with room: NATS does not tell which. */
    private static final Set<Integer> NO_PEERS = Set.of(10_005, 10_023);
    private static final int NOT_CLUSTERED = 10_074;
    /** 503: JetStream is off; then: off, for this account, no leader of the cluster. */
    private static final Set<Integer> SAME_FOR_ALL = Set.of(503, 10_076, 10_039, 10_008, 10_009);
    private static final int IN_CLUSTER = 3;
    /** Calls of {@link #ensure}, two seconds apart, in which a cluster that may just start gets its servers together. */
    static final int PEER_TRIES = 10;

    private final NatsLink link;
    private final long streamBytes;
    private final int replicas;
    /** Calls of {@link #ensure} in a row that found too few servers. */
    private int withoutPeers;
    private final Set<String> said = ConcurrentHashMap.newKeySet();
    private volatile long duplicateWindowMillis;
    private volatile boolean silent;
    private volatile List<String> full = List.of();

    /** With {@link #AUTO_REPLICAS}. */
    public Infrastructure(NatsLink link, long streamBytes) {
        this(link, streamBytes, AUTO_REPLICAS);
    }

    /**
     * @param streamBytes {@code max_bytes} of the stream if it has to be made, positive
     * @param replicas    of what has to be made: {@link #AUTO_REPLICAS}, 1, 3 or 5
     */
    public Infrastructure(NatsLink link, long streamBytes, int replicas) {
        if (streamBytes <= 0) {
            throw new IllegalArgumentException("streamBytes " + streamBytes + ": must be positive");
        }
        this.link = link;
        this.streamBytes = streamBytes;
        this.replicas = replicas;
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
        boolean lacking = false;
        for (StreamShape shape : shapes()) {
            try {
                if (full(ensure(shape))) {
                    noRoom.add(shape.name());
                }
            } catch (NatsException e) {
                problems.add(e.getMessage());
                unanswered |= e.kind() != NatsException.Kind.REFUSED;
                lacking |= NO_PEERS.contains(e.code());
                if (e.kind() != NatsException.Kind.REFUSED || SAME_FOR_ALL.contains(e.code())) {
                    // the others would say the same
                    break;
                }
            }
        }
        silent = unanswered;
        full = List.copyOf(noRoom);
        withoutPeers = lacking ? withoutPeers + 1 : 0;
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
        return Stream.of(StreamShape.jobs(streamBytes), StreamShape.bucket(Buckets.RESULTS, "jobResults", Buckets.KEPT_SECONDS),
                StreamShape.bucket(Buckets.HEARTBEAT, "heartbeat", Buckets.ALIVE_SECONDS),
                StreamShape.bucket(Buckets.LEADER, "serverLB", Buckets.ALIVE_SECONDS)).map(shape -> shape.withReplicas(wanted(shape))).toList();
    }

    private int wanted(StreamShape shape) {
        int copies = replicas != AUTO_REPLICAS ? replicas : link.state().clustered() ? IN_CLUSTER : 1;
        return copies > 1 && shape.isLease() && compareAndSetIsNoLock() ? 1 : copies;
    }

    /** Asked anew for each connection: servers are updated one by one (NATS issue 4320). */
    private boolean compareAndSetIsNoLock() {
        NatsState state = link.state();
        boolean unsafe = state.clustered() && Versions.older(state.version(), 2, 9, 21);
        if (unsafe && said.add("old " + state.version())) {
            LOG.warn("a NATS cluster older than 2.9.21 may let two servers take the lead at once if the bucket of the lease has more than one replica: it gets one",
                    "version", state.version(), "meaning", "while the NATS server that keeps it is away nobody leads",
                    "do", "update all nats-servers, then: nats stream edit " + Buckets.streamOf(Buckets.LEADER) + " --replicas=3");
        }
        return unsafe;
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
            if (shape.replicas() > 1 && !enoughPeers(e)) {
                LOG.warn("NATS keeps no " + shape.replicas() + " replicas: one is made", "name", shape.name(), "why", e.getMessage());
                return make(shape.withReplicas(1));
            }
            if (noRoom(e) && !shape.isBucket()) {
                return makeSmaller(shape, e);
            }
            throw e;
        }
    }

    /** False where it was not asked for a number and the cluster, or single server, has shown that it cannot keep more than one. */
    private boolean enoughPeers(NatsException refusal) {
        return replicas != AUTO_REPLICAS || refusal.code() != NOT_CLUSTERED && !(NO_PEERS.contains(refusal.code()) && withoutPeers >= PEER_TRIES);
    }

    private static boolean noRoom(NatsException refusal) {
        return NO_ROOM.contains(refusal.code()) || NO_PEERS.contains(refusal.code());
    }

    private JsonValue create(StreamShape shape) {
        JsonValue made = JsApi.call(link.live(), "making stream " + shape.name(), "STREAM.CREATE." + shape.name(), shape.json(), CREATE_LIMIT);
        LOG.info("NATS stream made", "name", shape.name(), "replicas", shape.replicas());
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
                if (!noRoom(e)) {
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
        lookAtReplicas(shape, JsonValueUtils.readInteger(config, "num_replicas", 1));
        expect("file".equals(JsonValueUtils.readString(config, "storage")), shape, "storage", JsonValueUtils.readString(config, "storage"),
                "a restart of NATS loses what is in it");
        expect("limits".equals(JsonValueUtils.readString(config, "retention")), shape, "retention", JsonValueUtils.readString(config, "retention"),
                "messages may go before they were read");
    }

    private void lookAtReplicas(StreamShape shape, int found) {
        String change = "; to change it: nats stream edit " + shape.name() + " --replicas=" + shape.replicas();
        if (shape.isLease() && found > 1 && compareAndSetIsNoLock()) {
            expect(false, shape, "num_replicas", found, "with nats-server before 2.9.21 two servers may take the lead at once" + change);
        } else {
            expect(found >= shape.replicas() || !mayKeep(shape.replicas()), shape, "num_replicas", found,
                    "it stands still while " + (found == 1 ? "the NATS server that keeps it is away" : "most of the NATS servers that keep it are away") + change);
        }
    }

    /** Whether the cluster has that many servers; taken for granted where it does not tell its servers' addresses. */
    private boolean mayKeep(int copies) {
        Live live = link.live();
        int servers = live == null ? 0 : live.connection().getServerInfo().getConnectURLs().size();
        return link.state().clustered() && (servers == 0 || servers >= copies);
    }

    private void expect(boolean good, StreamShape shape, String setting, Object found, String meaning) {
        if (!good && said.add(shape.name() + " " + setting + " " + found)) {
            LOG.warn("an existing NATS stream is kept as it is", "name", shape.name(), "setting", setting, "found", found, "meaning", meaning);
        }
    }
}
