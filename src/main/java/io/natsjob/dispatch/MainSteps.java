package io.natsjob.dispatch;

import io.natsjob.job.SkipReason;
import io.natsjob.log.Log;
import io.natsjob.time.Loop;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * Sends the main steps of maps once they are committed, each once, on a thread of its own. Without NATS or the lease they wait, surely unsent;
 * one whose deadline passes meanwhile is not sent any more. Bounded by the open runs. What a crash loses between commit and send is
 * the next leader's to judge (docs/rules.md 20).
 */
public final class MainSteps implements AutoCloseable {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final Log LOG = Log.of("dispatch");

    private final Sender sender;
    private final ConcurrentLinkedQueue<OpenRun> waiting = new ConcurrentLinkedQueue<>();
    private final Loop loop = Loop.onVirtualThread("main-steps", this::turn);

    public MainSteps(Sender sender) {
        this.sender = sender;
    }

    public void start() {
        loop.start();
    }

    /** The step is committed. Never waits. */
    public void committed(OpenRun run) {
        waiting.add(run);
        loop.wake();
    }

    /** Sends what waits, and asks for the confirmation of all. */
    long turn() {
        if (waiting.isEmpty()) {
            return TimeUnit.HOURS.toNanos(1);
        }
        for (OpenRun run = waiting.peek(); run != null; run = waiting.peek()) {
            if (!send(run)) {
                break;
            }
            waiting.remove(run);
        }
        sender.flush();
        return waiting.isEmpty() ? 0 : RETRY_NANOS;
    }

    private boolean send(OpenRun run) {
        try {
            return sender.sendMain(run);
        } catch (RuntimeException e) {
            // The others still go.
            LOG.error("the main step of a map could not be sent, it is left to its deadline", e, "run", run.id());
            run.doubt(SkipReason.REFUSED);
            return true;
        }
    }

    /** Sends what waits, once, and ends; to be called when nothing more is committed. */
    @Override
    public void close() {
        loop.close(Duration.ofSeconds(1));
        turn();
        if (!waiting.isEmpty()) {
            LOG.warn("the main steps of maps could not be sent before the stop", "runs", waiting.size());
        }
    }
}
