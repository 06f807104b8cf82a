package io.natsjob.dispatch;

import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.nats.Confirmation;
import io.natsjob.nats.PublishLink;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Confirms messages on memory subjects: one PING at a time, whose PONG covers everything published before it (docs/rules.md 19).
 * Without a PONG within {@link #PONG_LIMIT} the messages since are unconfirmed and the connection is thrown away, so that
 * what still waits in it is never sent late.
 */
public final class Confirmer implements AutoCloseable {
    public static final Duration PONG_LIMIT = Duration.ofSeconds(1);
    private static final Log LOG = Log.of("dispatch");

    private record Sent(Outgoing message, long incarnation) {}

    private final PublishLink link;
    private final Loop loop = Loop.onVirtualThread("confirmer", this::turn);
    private List<Sent> waiting = new ArrayList<>();

    public Confirmer(PublishLink link) {
        this.link = link;
    }

    public void start() {
        loop.start();
    }

    void sent(Outgoing message, long incarnation) {
        synchronized (this) {
            waiting.add(new Sent(message, incarnation));
        }
    }

    void flush() {
        loop.wake();
    }

    /** Waits for the PONG of what was sent, then ends. */
    @Override
    public void close() {
        loop.close(PONG_LIMIT.plusSeconds(1));
        turn();
    }

    /** Confirms what was sent since the last turn. */
    long turn() {
        List<Sent> batch;
        synchronized (this) {
            batch = waiting;
            waiting = new ArrayList<>();
        }
        if (!batch.isEmpty()) {
            confirm(batch);
        }
        return TimeUnit.SECONDS.toNanos(1);
    }

    private void confirm(List<Sent> batch) {
        Confirmation pong = link.confirm(PONG_LIMIT);
        int unconfirmed = 0;
        for (Sent sent : batch) {
            if (pong.confirmed() && pong.incarnation() == sent.incarnation) {
                decided(sent.message, true);
            } else {
                unconfirmed++;
                decided(sent.message, false);
            }
        }
        if (unconfirmed > 0) {
            LOG.warn("NATS did not confirm messages on memory subjects", "messages", unconfirmed, "limitMs", PONG_LIMIT.toMillis());
        }
        if (!pong.confirmed()) {
            link.drop();
        }
    }

    private void decided(Outgoing message, boolean confirmed) {
        if (!confirmed && message.whole() != null) {
            message.whole().doubt(SkipReason.UNCONFIRMED);
        }
        if (confirmed) {
            message.outcome().sent(message.fire());
        } else {
            message.outcome().unconfirmed(message.fire());
        }
    }
}
