package io.natsjob.nats;

import io.nats.client.Connection;
import io.nats.client.impl.Headers;
import io.natsjob.protocol.Buckets;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The connection on which jobs are published, and nothing else. On a cut it is thrown away with all that it had not sent, and
 * a new one, the next incarnation, is made in the background: nothing is ever sent late (docs/rules.md 18). What the server
 * had received before it froze can not be called back.
 */
public final class PublishLink implements AutoCloseable {
    /**
     * Eight pings may be out, since each confirmation counts as one (docs/rules.md 19); the short interval finds a dead
     * connection after four seconds all the same.
     */
    private static final Dial.Settings SETTINGS = new Dial.Settings("publish", Duration.ofMillis(500), 8, true);
    private static final String EXPECTED_STREAM = "Nats-Expected-Stream";
    private static final String EXPECTED_REVISION = "Nats-Expected-Last-Subject-Sequence";
    private static final String MESSAGE_ID = "Nats-Msg-Id";
    private static final byte[] EMPTY = new byte[0];
    private static final long SWEEP_MS = 50;

    private final Redial redial;
    private final Acks acks;
    private final StorageRoom room;

    public PublishLink(NatsOptions options, Clock clock) {
        this.acks = new Acks(clock);
        this.room = new StorageRoom(clock);
        this.redial = new Redial(options, SETTINGS, clock, new Redial.Listener() {
            @Override
            public void up(Live live) {
                acks.listen(live);
            }

            @Override
            public void down(Live live) {
                acks.lost(live.incarnation());
            }
        });
        redial.dial().timers().scheduleWithFixedDelay(acks::sweep, SWEEP_MS, SWEEP_MS, TimeUnit.MILLISECONDS);
    }

    /** Starts to dial in the background; never waits. A second call does nothing. */
    public void start() {
        redial.start();
    }

    public boolean connected() {
        return redial.live() != null;
    }

    /** Counts up with each connection, from 1; 0 while there is none. */
    public long incarnation() {
        Live live = redial.live();
        return live == null ? 0 : live.incarnation();
    }

    public NatsState state() {
        return redial.state();
    }

    /**
     * That NATS has refused a publish within the last ten minutes, in plain words, or null. On memory subjects a missing right shows
     * in no other way; it may have been granted since, which only the next publish would show.
     */
    public String refusal() {
        return Plain.publishRefused(redial.errors().refusedSubject());
    }

    /** Errors that NATS reported outside any call since the start. */
    public long asyncErrors() {
        return redial.errors().count();
    }

    /** Bytes: the largest payload that the server takes; 0 while there is no connection. */
    public long maxPayload() {
        Live live = redial.live();
        return live == null ? 0 : live.connection().getMaxPayload();
    }

    /**
     * Publishes and forgets. Waits only while 5,000 messages wait for the socket, at most two seconds.
     *
     * @return the incarnation that took it, to be compared with {@link Confirmation#incarnation()}
     * @throws LinkDownException        where there is no connection or its queue stays full: not sent, and never will be
     * @throws IllegalArgumentException where the payload is larger than {@link #maxPayload()}
     */
    public long publish(String subject, byte[] payload) {
        Live live = standing();
        send(live, subject, null, null, payload);
        return live.incarnation();
    }

    /**
     * Publishes to the stream {@code natsjob}. The answer completes with the acknowledgement, with {@link PublishRefused}
     * (surely not stored) or, after a cut or two seconds, with {@link AckUnknown}. Not limited: the caller keeps at most about
     * 1,000 unanswered. What depends on the answer without an executor of its own runs on the link's only thread for
     * acknowledgements and must not wait.
     *
     * @param messageId the stream stores a second message of the same id only after its duplicate window (docs/rules.md 16)
     * @throws LinkDownException        as {@link #publish}: not sent
     * @throws IllegalArgumentException as {@link #publish}
     */
    public CompletableFuture<Ack> publishStored(String subject, String messageId, byte[] payload) {
        return acknowledged(subject, new Headers().put(EXPECTED_STREAM, Buckets.STREAM).put(MESSAGE_ID, messageId), payload);
    }

    /**
     * Puts an empty value under a result key that has none, marked as ours. The answer as of {@link #publishStored};
     * {@link PublishRefused#otherRevision()} where the key has a value, or a marker that it was deleted.
     *
     * @throws LinkDownException as {@link #publish}: not sent
     */
    public CompletableFuture<Ack> preset(String key) {
        Headers headers = new Headers().put(EXPECTED_STREAM, Buckets.streamOf(Buckets.RESULTS)).put(EXPECTED_REVISION, "0").put(Buckets.PRESET_HEADER, "1");
        return acknowledged(Buckets.subjectOf(Buckets.RESULTS, key), headers, EMPTY);
    }

    private CompletableFuture<Ack> acknowledged(String subject, Headers headers, byte[] payload) {
        Live live = standing();
        Acks.Pending pending = acks.expect(live);
        pending.answer().whenComplete((ack, failure) -> {
            if (failure == null) {
                room.stored();
            } else {
                room.failed(failure);
            }
        });
        try {
            send(live, subject, pending.replyTo(), headers, payload);
        } catch (RuntimeException e) {
            acks.forget(pending);
            throw e;
        }
        return pending.answer();
    }

    /**
     * Asks whether the server has taken all that was published before on the present incarnation: one PING and its PONG
     * (docs/rules.md 19). One call at a time.
     *
     * @param limit at least one millisecond
     */
    public Confirmation confirm(Duration limit) {
        Live live = redial.live();
        if (live == null) {
            return new Confirmation(false, 0);
        }
        try {
            live.connection().flush(limit);
            // the client also returns without a PONG, from a connection that is being closed
            return new Confirmation(live.connected(), live.incarnation());
        } catch (TimeoutException | IllegalStateException e) {
            // a cut cancels the wait, which is an IllegalStateException too
            return new Confirmation(false, live.incarnation());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Confirmation(false, live.incarnation());
        }
    }

    /** Gives the present connection up, so that a new one is made: for a PONG that did not come. Does not wait. */
    public void drop() {
        Live live = redial.live();
        if (live != null) {
            redial.drop(live);
        }
    }

    /** Whether the stream {@code natsjob} had room for what was published last. */
    public StorageRoom room() {
        return room;
    }

    int closing() {
        return redial.closing();
    }

    private Live standing() {
        Live live = redial.live();
        if (live == null) {
            throw new LinkDownException("NATS is not connected");
        }
        return live;
    }

    private static void send(Live live, String subject, String replyTo, Headers headers, byte[] payload) {
        Connection connection = live.connection();
        try {
            connection.publish(subject, replyTo, headers, payload);
        } catch (IllegalStateException e) {
            throw new LinkDownException("NATS takes no message: " + e.getMessage());
        }
    }

    /** Unanswered messages end as unknown. Waits at most a few seconds. */
    @Override
    public void close() {
        redial.close();
        acks.lost(Long.MAX_VALUE);
    }
}
