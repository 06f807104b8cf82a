package io.natsjob.nats;

import io.nats.client.Message;
import io.natsjob.log.Log;
import io.natsjob.protocol.Buckets;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Reads one bucket for ever, from its oldest entry, and hands each on in order of its sequence. Survives cuts, restarts of
 * NATS and the re-creation of the bucket, within about two seconds. Holds at most one request of 500 entries or 4 MiB: while
 * the sink blocks, the rest stays in NATS. An entry that is overwritten or removed before it was read is not handed on.
 */
public final class OrderedReader implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    private static final Duration WAIT = Duration.ofMillis(100);
    /** Nanoseconds without a sign of life (one comes each 500 ms) after which a new consumer is made. */
    private static final long SILENCE_NANOS = 1_600_000_000L;
    /** Nanoseconds between two looks whether the bucket is still the same (docs/rules.md 25). */
    private static final long CHECK_NANOS = 10_000_000_000L;
    /** Nanoseconds: NATS shows a sign of life each 500 ms in which it has nothing to hand on, and others at once. */
    private static final long IDLE_NANOS = 400_000_000L;
    private static final int NO_STREAM = 10_059;

    /** Takes what is read, on the reader's thread. What it throws is logged; the same entry then comes again. */
    public interface Sink {
        /** May block: then nothing more is fetched. */
        void entry(Entry entry);

        /**
         * Reading starts or goes on after an interruption.
         *
         * @param createdMillis which bucket this is
         * @param sameBucket    false for the first time and when the bucket was re-created or has lost its newest entries:
         *                      then sequences known so far mean nothing, and all entries come
         */
        void restarted(long createdMillis, boolean sameBucket);

        /**
         * What the bucket held when reading started or went on was handed on, or has gone since. Said once after each
         * {@link #restarted}, about half a second late where the newest entries went before they were read.
         */
        default void caughtUp() {}

        /** The bucket does not exist; said at most once a second until it does. The caller may have it made again. */
        default void missing() {}
    }

    /**
     * One entry.
     *
     * @param timeMillis NATS' own time stamp
     * @param delete     a marker that the key was deleted or purged, not a value
     * @param preset     the empty value that a server writes under a result key before it publishes the message
     */
    public record Entry(long seq, long timeMillis, String key, byte[] value, boolean delete, boolean preset) {
        /** Not preset. */
        public Entry(long seq, long timeMillis, String key, byte[] value, boolean delete) {
            this(seq, timeMillis, key, value, delete, false);
        }
    }

    private final String bucket;
    private final Sink sink;
    private final Clock clock;
    private final ReadLoop loop;
    private final AtomicBoolean checkAsked = new AtomicBoolean();
    private volatile long position;
    private volatile BucketState bucketSeen;
    private long checkedAt;

    public OrderedReader(NatsLink link, String bucket, Sink sink, Clock clock) {
        this.bucket = bucket;
        this.sink = sink;
        this.clock = clock;
        this.loop = new ReadLoop(bucket, link, this::read);
    }

    /** Reads from now on; never waits. A second call does nothing. */
    public void start() {
        loop.start();
    }

    /** The sequence up to which all entries were handed on and the sink has returned; belongs to {@link #createdMillis()}. */
    public long position() {
        return position;
    }

    /** Which bucket the position belongs to; 0 before the first. */
    public long createdMillis() {
        BucketState seen = bucketSeen;
        return seen == null ? 0 : seen.createdMillis();
    }

    /** Asks for a look whether the bucket is still the same, within 100 ms if the sink does not block. Does not wait. */
    public void check() {
        checkAsked.set(true);
    }

    private boolean read(Live live) throws InterruptedException {
        long before = position;
        return readUntilBroken(live) | position != before;
    }

    /** One consumer from its making to its end; whether it came to life. */
    private boolean readUntilBroken(Live live) throws InterruptedException {
        try {
            BucketState now = BucketInfo.of(live, bucket);
            boolean same = same(now);
            long from = Math.max(same ? position : 0, now.firstSeq() - 1);
            try (PullConsumer consumer = PullConsumer.open(live, Buckets.streamOf(bucket), from + 1)) {
                // the consumer may belong to a bucket that was re-created after the first look
                if (!BucketInfo.of(live, bucket).createdText().equals(now.createdText())) {
                    return true;
                }
                begin(now, from, same);
                return readFrom(live, consumer, now.lastSeq());
            }
        } catch (NatsException e) {
            LOG.debug("reading interrupted", "bucket", bucket, "reason", e.getMessage());
            if (e.code() == NO_STREAM) {
                sink.missing();
            }
            return false;
        } catch (RuntimeException e) {
            if (!loop.closed()) {
                LOG.error("an entry was not taken and comes again", e, "bucket", bucket, "after", position);
            }
            return false;
        }
    }

    private void begin(BucketState now, long from, boolean same) {
        if (!same && bucketSeen != null) {
            LOG.warn("the bucket is another one or has lost its newest entries: reading it anew", "bucket", bucket, "created", now.createdText(),
                    "position", position, "last", now.lastSeq());
        }
        position = from;
        bucketSeen = now;
        checkedAt = clock.nanos();
        sink.restarted(now.createdMillis(), same);
    }

    private boolean same(BucketState now) {
        BucketState seen = bucketSeen;
        return seen != null && seen.createdText().equals(now.createdText()) && now.lastSeq() >= position;
    }

    private boolean readFrom(Live live, PullConsumer consumer, long newest) throws InterruptedException {
        long signAt = clock.nanos();
        long messageAt = signAt;
        boolean caughtUp = caughtUp(position >= newest);
        while (!loop.closed()) {
            if ((checkAsked.getAndSet(false) || clock.nanos() - checkedAt >= CHECK_NANOS) && !stillSame(live)) {
                return true;
            }
            PullConsumer.Next next = consumer.next(WAIT);
            switch (next.sign()) {
                case MESSAGE -> {
                    take(next.message());
                    messageAt = clock.nanos();
                    caughtUp = caughtUp || caughtUp(position >= newest || next.message().metaData().pendingCount() == 0);
                }
                case ALIVE -> caughtUp = caughtUp || caughtUp(clock.nanos() - messageAt > IDLE_NANOS);
                case NOTHING -> {
                    if (!live.connected() || clock.nanos() - signAt > SILENCE_NANOS) {
                        LOG.debug("reader is silent", "bucket", bucket, "position", position);
                        return true;
                    }
                    continue;
                }
                case BROKEN -> {
                    LOG.debug("reader broken", "bucket", bucket, "position", position, "reason", next.why());
                    return true;
                }
            }
            signAt = clock.nanos();
        }
        return true;
    }

    private boolean caughtUp(boolean now) {
        if (now) {
            sink.caughtUp();
        }
        return now;
    }

    private boolean stillSame(Live live) {
        checkedAt = clock.nanos();
        return same(BucketInfo.of(live, bucket));
    }

    private void take(Message message) {
        var meta = message.metaData();
        if (meta.streamSequence() <= position) {
            return;
        }
        String prefix = Buckets.subjectOf(bucket, "");
        String subject = message.getSubject();
        String key = subject.startsWith(prefix) ? subject.substring(prefix.length()) : subject;
        sink.entry(new Entry(meta.streamSequence(), meta.timestamp().toInstant().toEpochMilli(), key,
                message.getData() == null ? new byte[0] : message.getData(), marker(message),
                message.hasHeaders() && message.getHeaders().containsKey(Buckets.PRESET_HEADER)));
        position = meta.streamSequence();
    }

    private static boolean marker(Message message) {
        if (!message.hasHeaders()) {
            return false;
        }
        String operation = message.getHeaders().getFirst("KV-Operation");
        // servers from 2.11 write markers of their own when a limit removed the value
        return "DEL".equals(operation) || "PURGE".equals(operation) || message.getHeaders().containsKey("Nats-Marker-Reason");
    }

    /** Interrupts the sink if it blocks. Waits at most five seconds. */
    @Override
    public void close() {
        loop.close();
    }
}
