package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.log.Log;
import io.natsjob.nats.LinkDownException;
import io.natsjob.nats.PublishLink;
import io.natsjob.protocol.Answer;
import io.natsjob.protocol.MonitorMessage;
import io.natsjob.protocol.Subjects;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.Step;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Tells the listeners of an app about answers and steps with a monitor status, after their commit, once each. A crash in between, or a
 * cut while a message is on its way, loses one; none is published twice. While NATS is away up to {@value #WAITING} messages wait, further
 * ones are dropped and counted. Never makes its callers wait.
 */
public final class Monitor implements AutoCloseable {
    /** Messages. */
    static final int WAITING = 10_000;
    private static final long LINK_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    /** At a stop, so often after the link, which may just be coming back. */
    private static final int STOP_LOOKS = 10;
    private static final Duration CONFIRM_LIMIT = Duration.ofSeconds(1);
    private static final Log LOG = Log.of("result");

    private record Waiting(String subject, byte[] payload) {}

    private final PublishLink link;
    private final WireTime times;
    private final BlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(WAITING);
    private final AtomicLong dropped = new AtomicLong();
    private final Loop loop = Loop.onVirtualThread("monitor", this::turn);

    public Monitor(PublishLink link, WireTime times) {
        this.link = link;
        this.times = times;
    }

    public void start() {
        loop.start();
    }

    /** An answer has ended a run, a part of it or its first step, and that is committed. */
    void answered(OpenRun run, Answer answer) {
        offer(new MonitorMessage(run.id(), "", run.names(), answer.status().word(), answer.reason(), answer.monitorStatus(), answer.monitorPayload(),
                times.text(run.sentAt())));
    }

    /** A step is committed. */
    void stored(Step step) {
        Step.Report report = step.report();
        offer(new MonitorMessage(step.runId(), Long.toString(step.id()), step.names(), report.status(), report.reason(), report.monitorStatus(),
                report.monitorPayload(), times.seconds(step.createdAt())));
    }

    private void offer(MonitorMessage message) {
        if (!queue.offer(new Waiting(Subjects.monitor(message.names().namespace(), message.names().app()), message.json()))) {
            dropped.incrementAndGet();
        }
        loop.wake();
    }

    /** Messages that are not published yet. */
    int waiting() {
        return queue.size();
    }

    /** Publishes what waits, as far as NATS takes it. For one thread at a time. */
    private long turn() {
        for (Waiting next = queue.peek(); next != null; next = queue.peek()) {
            try {
                link.publish(next.subject, next.payload);
            } catch (LinkDownException e) {
                return LINK_LOOK_NANOS;
            } catch (IllegalArgumentException e) {
                LOG.warn("a monitor message is not published", e, "subject", next.subject, "bytes", next.payload.length);
            }
            queue.poll();
        }
        long lost = dropped.getAndSet(0);
        if (lost > 0) {
            LOG.warn("monitor messages were dropped: too many waited for NATS", "dropped", lost, "limit", WAITING);
        }
        return TimeUnit.HOURS.toNanos(1);
    }

    /** Publishes what waits and has NATS confirm it, a second for each at most. */
    @Override
    public void close() {
        loop.close();
        long wait = turn();
        for (int looks = 1; !queue.isEmpty() && looks < STOP_LOOKS; looks++) {
            LockSupport.parkNanos(wait);
            wait = turn();
        }
        link.confirm(CONFIRM_LIMIT);
        if (!queue.isEmpty()) {
            LOG.warn("monitor messages were not published before the stop", "messages", queue.size());
        }
    }
}
