package io.natsjob.nats;

import io.nats.client.Message;
import io.natsjob.log.Log;
import io.natsjob.protocol.Buckets;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads one subject of the stream {@code natsjob} through a durable consumer, in order, and acknowledges a message when the sink is done
 * with it. Survives cuts, restarts of NATS and the re-creation of the stream, within about two seconds. At most 1,000 messages and
 * 8 MiB are out: while the sink blocks, the rest stays in NATS.
 *
 * <p>A message may come again, also to another server: the sink must not mind. What a former reader has not acknowledged is not waited
 * for but read anew, in its place: the consumer is made again from there, which also ends the former reader's requests.
 */
public final class DurableReader implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    private static final Duration WAIT = Duration.ofMillis(100);
    /** For further messages of the same batch. */
    private static final Duration GATHER = Duration.ofMillis(5);
    /** Nanoseconds without a sign of life (one comes each 500 ms) after which the consumer is looked at again. */
    private static final long SILENCE_NANOS = 1_600_000_000L;
    /** The sink's commit may end by itself at a stop. */
    private static final long STOP_MS = 2_000;

    /** Takes what is read, on the reader's thread. */
    public interface Sink {
        /** Whether to read now; asked before each batch. */
        boolean reading();

        /**
         * A session begins.
         *
         * @param createdMillis which stream this is
         * @param lastSeq       of its newest message of any subject
         * @return the sequence up to which everything is done with, as far as the sink knows; 0 for nothing. Counts only where there is no consumer
         */
        long begin(long createdMillis, long lastSeq) throws InterruptedException;

        /** Returns when all are done with. What it throws is logged; they then come again. */
        void take(long createdMillis, List<Entry> entries) throws InterruptedException;
    }

    /** One message. {@code timeMillis} is NATS' own time stamp. */
    public record Entry(long seq, long timeMillis, byte[] payload) {}

    /**
     * Which messages.
     *
     * @param consumer    the durable's name
     * @param predecessor a consumer that read the same before there was ours: what it has acknowledged is its own
     */
    public record Source(String subject, String consumer, String predecessor) {}

    private final Source source;
    private final DurableConsumer durable;
    private final Sink sink;
    private final Clock clock;
    private final ReadLoop loop;

    public DurableReader(NatsLink link, Source source, Sink sink, Clock clock) {
        this.source = source;
        this.durable = new DurableConsumer(Buckets.STREAM, source.consumer(), source.subject());
        this.sink = sink;
        this.clock = clock;
        this.loop = new ReadLoop(source.consumer(), link, this::session);
    }

    /** Reads from now on; never waits. A second call does nothing. */
    public void start() {
        loop.start();
    }

    private boolean session(Live live) throws InterruptedException {
        if (!sink.reading()) {
            return false;
        }
        try {
            BucketState stream = stream(live);
            long delivered = ready(live, stream);
            // the consumer may belong to a stream that was re-created after the first look
            if (!stream(live).createdText().equals(stream.createdText())) {
                return true;
            }
            try (PullConsumer consumer = PullConsumer.ofDurable(live, Buckets.STREAM, source.consumer(), delivered)) {
                return read(live, consumer, stream.createdMillis());
            }
        } catch (NatsException e) {
            LOG.debug("reading interrupted", "subject", source.subject(), "reason", e.getMessage());
            return false;
        } catch (RuntimeException e) {
            if (!loop.closed()) {
                LOG.error("messages were not taken and come again", e, "subject", source.subject());
            }
            return false;
        }
    }

    private static BucketState stream(Live live) {
        return BucketInfo.ofStream(live, "stream " + Buckets.STREAM, Buckets.STREAM);
    }

    /** Sees to it that the consumer hands on what follows the last message that is done with; answers how many it has handed out. */
    private long ready(Live live, BucketState stream) throws InterruptedException {
        long done = sink.begin(stream.createdMillis(), stream.lastSeq());
        DurableConsumer.State state = durable.state(live);
        if (state == null) {
            make(live, Math.max(done, acknowledgedBefore(live)), stream);
            return 0;
        }
        if (state.open() == 0 && state.asked() == 0 && state.deliveredSeq() <= stream.lastSeq()) {
            return state.delivered();
        }
        LOG.debug("reading anew what was not acknowledged", "subject", source.subject(), "after", state.acknowledged(), "open", state.open());
        durable.delete(live);
        make(live, state.acknowledged(), stream);
        return 0;
    }

    private long acknowledgedBefore(Live live) {
        DurableConsumer.State predecessor = durable.state(live, source.predecessor());
        return predecessor == null ? 0 : predecessor.acknowledged();
    }

    private void make(Live live, long after, BucketState stream) {
        durable.make(live, Math.min(after, stream.lastSeq()) + 1);
    }

    private boolean read(Live live, PullConsumer consumer, long created) throws InterruptedException {
        long signAt = clock.nanos();
        while (!loop.closed() && sink.reading()) {
            PullConsumer.Next next = consumer.next(WAIT);
            if (next.sign() == PullConsumer.Sign.NOTHING) {
                if (!live.connected() || clock.nanos() - signAt > SILENCE_NANOS) {
                    LOG.debug("reader is silent", "subject", source.subject());
                    return true;
                }
                continue;
            }
            if (next.sign() == PullConsumer.Sign.MESSAGE) {
                next = take(consumer, next.message(), created);
            }
            if (next.sign() == PullConsumer.Sign.BROKEN) {
                LOG.debug("reader broken", "subject", source.subject(), "reason", next.why());
                return true;
            }
            signAt = clock.nanos();
        }
        return true;
    }

    /** Hands on this message and those that come right behind it; answers what came after them. */
    private PullConsumer.Next take(PullConsumer consumer, Message first, long created) throws InterruptedException {
        List<Message> messages = new ArrayList<>(List.of(first));
        PullConsumer.Next next = null;
        while (messages.size() < PullConsumer.BATCH && (next = consumer.next(GATHER)).sign() == PullConsumer.Sign.MESSAGE) {
            messages.add(next.message());
        }
        sink.take(created, messages.stream().map(DurableReader::entry).toList());
        try {
            messages.forEach(Message::ack);
        } catch (IllegalStateException e) {
            LOG.debug("not acknowledged, they come again", "subject", source.subject(), "messages", messages.size(), "reason", e.getMessage());
        }
        return next == null ? new PullConsumer.Next(PullConsumer.Sign.ALIVE, null, null) : next;
    }

    private static Entry entry(Message message) {
        var meta = message.metaData();
        return new Entry(meta.streamSequence(), meta.timestamp().toInstant().toEpochMilli(), message.getData() == null ? new byte[0] : message.getData());
    }

    /** Lets the sink finish its batch for two seconds, then interrupts it. Waits at most seven. */
    @Override
    public void close() {
        loop.close(STOP_MS);
    }
}
