package io.natsjob.nats;

import io.nats.client.Message;
import io.nats.client.NUID;
import io.nats.client.Subscription;
import io.natsjob.log.Log;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * One consumer on a stream, asked for a bounded number of messages at a time: what is not asked for stays in NATS, which is the
 * back-pressure. A gap is seen by the consumer's own count. Either one of its own, without acknowledgements, or a durable one that
 * another class cares for. One thread.
 */
final class PullConsumer implements AutoCloseable {
    private static final Log LOG = Log.of("nats");
    /** Messages asked for at once. */
    static final int BATCH = 500;
    /** Bytes asked for at once; grows only for a message that is larger. */
    private static final long BATCH_BYTES = 4L << 20;
    private static final long MAX_BATCH_BYTES = 256L << 20;
    private static final long EXPIRES_NANOS = 5_000_000_000L;
    private static final long HEARTBEAT_NANOS = 500_000_000L;
    /** The server removes a consumer that nobody asks: the reader may be blocked that long. Nanoseconds. */
    private static final long INACTIVE_NANOS = 30_000_000_000L;
    private static final Duration DELETE_LIMIT = Duration.ofMillis(500);
    private static final int IDLE = 100;
    private static final int CONFLICT = 409;
    private static final String TOO_BIG = "Message Size Exceeds MaxBytes";

    private final Live live;
    private final String stream;
    private final String name;
    private final boolean durable;
    private final String inbox;
    private final Subscription subscription;
    private long request;
    private int left;
    private boolean gotAny;
    private long bytes = BATCH_BYTES;
    private long delivered;

    private PullConsumer(Live live, String stream, String name, boolean durable, long delivered) {
        this.live = live;
        this.stream = stream;
        this.name = name;
        this.durable = durable;
        this.delivered = delivered;
        this.inbox = live.connection().createInbox() + ".";
        this.subscription = live.connection().subscribe(inbox + "*");
    }

    /** @throws NatsException where NATS refuses or does not answer */
    static PullConsumer open(Live live, String stream, long fromSeq) {
        PullConsumer consumer = new PullConsumer(live, stream, "natsjob-" + NUID.nextGlobal(), false, 0);
        String body = "{\"stream_name\":\"" + stream + "\",\"config\":{\"name\":\"" + consumer.name + "\",\"deliver_policy\":\"by_start_sequence\","
                + "\"opt_start_seq\":" + fromSeq + ",\"ack_policy\":\"none\",\"replay_policy\":\"instant\",\"max_waiting\":2,"
                + "\"inactive_threshold\":" + INACTIVE_NANOS + ",\"num_replicas\":1,\"mem_storage\":true}}";
        try {
            JsApi.call(live, "reader of " + stream, "CONSUMER.CREATE." + stream + "." + consumer.name, body, JsApi.LOOK_UP);
            return consumer;
        } catch (RuntimeException e) {
            consumer.unsubscribe();
            throw e;
        }
    }

    /**
     * Asks a durable consumer that exists.
     *
     * @param delivered how many messages it has delivered so far
     */
    static PullConsumer ofDurable(Live live, String stream, String name, long delivered) {
        return new PullConsumer(live, stream, name, true, delivered);
    }

    /** What came of waiting. */
    enum Sign { MESSAGE, ALIVE, NOTHING, BROKEN }

    record Next(Sign sign, Message message, String why) {
        private static final Next NOTHING = new Next(Sign.NOTHING, null, null);
        private static final Next ALIVE = new Next(Sign.ALIVE, null, null);

        private static Next broken(String why) {
            return new Next(Sign.BROKEN, null, why);
        }
    }

    /**
     * The next message in order, a sign of life, nothing within {@code limit}, or that this consumer is of no more use and why.
     */
    Next next(Duration limit) throws InterruptedException {
        Message message;
        try {
            if (left == 0) {
                ask();
            }
            message = subscription.nextMessage(limit);
        } catch (IllegalStateException e) {
            return Next.broken("the connection was cut");
        }
        if (message == null) {
            return Next.NOTHING;
        }
        return message.isStatusMessage() ? status(message) : delivery(message);
    }

    private void ask() {
        request++;
        left = BATCH;
        gotAny = false;
        String body = "{\"expires\":" + EXPIRES_NANOS + ",\"batch\":" + BATCH + ",\"max_bytes\":" + bytes + ",\"idle_heartbeat\":"
                + HEARTBEAT_NANOS + "}";
        live.connection().publish("$JS.API.CONSUMER.MSG.NEXT." + stream + "." + name, inbox + request,
                body.getBytes(StandardCharsets.UTF_8));
    }

    private Next delivery(Message message) {
        if (!message.isJetStream()) {
            return Next.ALIVE;
        }
        long count = message.metaData().consumerSequence();
        if (count != delivered + 1) {
            return Next.broken("a gap: message " + count + " after " + delivered);
        }
        delivered = count;
        gotAny = true;
        left = Math.max(0, left - 1);
        return new Next(Sign.MESSAGE, message, null);
    }

    private Next status(Message message) {
        if (!message.getSubject().equals(inbox + request)) {
            // of a request that is over
            return Next.ALIVE;
        }
        int code = message.getStatus().getCode();
        String text = String.valueOf(message.getStatus().getMessage());
        if (code == IDLE) {
            return Next.ALIVE;
        }
        boolean tooBig = code == CONFLICT && text.contains(TOO_BIG);
        if (tooBig && !gotAny) {
            bytes = Math.min(2 * bytes, MAX_BATCH_BYTES);
        }
        boolean over = tooBig || code == 404 || code == 408 || code == CONFLICT && text.contains("Batch Completed");
        left = 0;
        return over ? Next.ALIVE : Next.broken(code + " " + text);
    }

    private void unsubscribe() {
        try {
            subscription.unsubscribe();
        } catch (IllegalStateException e) {
            LOG.debug("subscription already gone", "stream", stream);
        }
    }

    /** Frees the server's side at once where it can; else it goes by itself after 30 s. A durable one stays. */
    @Override
    public void close() {
        if (!live.connected()) {
            return;
        }
        unsubscribe();
        if (durable) {
            return;
        }
        try {
            JsApi.call(live, "end of reader", "CONSUMER.DELETE." + stream + "." + name, "", DELETE_LIMIT);
        } catch (NatsException e) {
            LOG.debug("consumer not deleted, it ends by itself", "stream", stream, "reason", e.getMessage());
        }
    }
}
