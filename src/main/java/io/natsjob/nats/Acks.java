package io.natsjob.nats;

import io.nats.client.Dispatcher;
import io.nats.client.Message;
import io.nats.client.support.JsonParseException;
import io.nats.client.support.JsonParser;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JsonValueUtils;
import io.natsjob.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Matches acknowledgements with what was published. The client has this too, but notices a missing one only after 5 to 10
 * seconds.
 */
final class Acks {
    static final long LIMIT_NANOS = 2_000_000_000L;
    private static final int NO_STREAM = 503;

    /** One message without its answer yet. */
    record Pending(long number, long incarnation, String replyTo, long deadlineNanos, CompletableFuture<Ack> answer) {}

    private final Clock clock;
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, Pending> waiting = new ConcurrentHashMap<>();
    /** In the order of their deadlines, since all wait equally long. Answered ones leave when they come to the head. */
    private final ConcurrentLinkedQueue<Pending> order = new ConcurrentLinkedQueue<>();
    private volatile Inbox inbox = new Inbox(0, "");

    private record Inbox(long incarnation, String prefix) {}

    Acks(Clock clock) {
        this.clock = clock;
    }

    /** Before anything is published on this connection. */
    void listen(Live live) {
        String prefix = live.connection().createInbox() + ".";
        Dispatcher dispatcher = live.connection().createDispatcher(message -> answered(prefix, message));
        dispatcher.subscribe(prefix + "*");
        inbox = new Inbox(live.incarnation(), prefix);
    }

    Pending expect(Live live) {
        Inbox current = inbox;
        if (current.incarnation != live.incarnation()) {
            // between connecting and listening, or just cut: nothing is sent yet
            throw new LinkDownException("NATS is not connected");
        }
        long number = numbers.incrementAndGet();
        Pending pending = new Pending(number, live.incarnation(), current.prefix + Long.toString(number, Character.MAX_RADIX),
                clock.nanos() + LIMIT_NANOS, new CompletableFuture<>());
        waiting.put(number, pending);
        order.add(pending);
        if (live.cut().isDone()) {
            // lost() may have passed before this one was put
            lost(live.incarnation());
        }
        return pending;
    }

    void forget(Pending pending) {
        waiting.remove(pending.number);
        order.remove(pending);
    }

    /** Everything up to this incarnation ends as unknown. */
    void lost(long incarnation) {
        for (Pending pending : waiting.values()) {
            if (pending.incarnation <= incarnation && waiting.remove(pending.number) != null) {
                pending.answer.completeExceptionally(new AckUnknown("the connection to NATS was cut before the acknowledgement"));
            }
        }
    }

    /** Ends what has waited too long. */
    void sweep() {
        long now = clock.nanos();
        for (Pending head = order.peek(); head != null; head = order.peek()) {
            boolean late = now - head.deadlineNanos >= 0;
            if (!late && waiting.containsKey(head.number)) {
                return;
            }
            order.remove(head);
            if (waiting.remove(head.number) != null) {
                head.answer.completeExceptionally(new AckUnknown("no acknowledgement within 2 s"));
            }
        }
    }

    private void answered(String prefix, Message message) {
        Pending pending = waiting.remove(number(message.getSubject().substring(prefix.length())));
        if (pending == null) {
            // came after its limit: already unknown
            return;
        }
        Pending head = order.peek();
        if (head == pending) {
            order.remove(pending);
        }
        complete(pending.answer, message);
    }

    private static Long number(String token) {
        try {
            return Long.parseLong(token, Character.MAX_RADIX);
        } catch (NumberFormatException e) {
            // somebody else published into the inbox; no message has number 0
            return 0L;
        }
    }

    private static void complete(CompletableFuture<Ack> answer, Message message) {
        if (message.isStatusMessage()) {
            int code = message.getStatus().getCode();
            answer.completeExceptionally(new PublishRefused(code, code == NO_STREAM
                    ? "no stream takes the subject at the moment, or JetStream is off" : message.getStatus().getMessageWithCode()));
            return;
        }
        try {
            JsonValue body = JsonParser.parse(message.getData());
            JsonValue error = JsonValueUtils.readValue(body, "error");
            Long seq = JsonValueUtils.readLong(body, "seq");
            if (error != null) {
                int code = JsonValueUtils.readInteger(error, "err_code", JsonValueUtils.readInteger(error, "code", 0));
                answer.completeExceptionally(new PublishRefused(code, JsonValueUtils.readString(error, "description", "no reason given")));
            } else if (seq == null) {
                // a worker that listens on the subject answered first; the stream's own answer can no longer be told
                answer.completeExceptionally(new AckUnknown("the answer is not the stream's"));
            } else {
                answer.complete(new Ack(seq, JsonValueUtils.readBoolean(body, "duplicate")));
            }
        } catch (JsonParseException e) {
            answer.completeExceptionally(new AckUnknown("the answer is not the stream's"));
        }
    }
}
