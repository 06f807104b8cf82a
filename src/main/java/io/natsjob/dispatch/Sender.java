package io.natsjob.dispatch;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.Fire;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.log.Log;
import io.natsjob.nats.LinkDownException;
import io.natsjob.nats.PublishLink;
import io.natsjob.time.SteadyTime;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Sends what was admitted: takes the run in, makes the message, and gives it to the lane of its subject model. */
public final class Sender {
    /**
     * A run that is sent this much later than its row says has the deadline in its row moved too; so the next leader allows an open run this much more.
     */
    public static final long LATE_MILLIS = 1_000;

    private static final Log LOG = Log.of("dispatch");

    /**
     * The ways out.
     *
     * @param leading asked right before a message on a memory subject goes out; {@code jetStream} asks for its own
     */
    public record Lanes(PublishLink link, Confirmer confirmer, JetStreamLane jetStream, Presets presets, BooleanSupplier leading) {}

    /** Takes admitted fires of ultra jobs whose row has no workers yet. Must not wait. */
    @FunctionalInterface
    public interface Unpicked {
        void pick(Fire fire, int maxConcurrency, Outcome outcome);
    }

    /**
     * Who is told what follows. None may wait.
     *
     * @param late        takes runs whose deadline lies later than their row says
     * @param refusedPart takes parts that were not sent, of runs that were
     */
    public record Told(Consumer<OpenRun> late, RefusedPart refusedPart, Unpicked unpicked) {}

    private final Lanes lanes;
    private final Messages messages;
    private final OpenRuns open;
    private final SteadyTime time;
    private final RunIds ids;
    private final Told told;

    /** @param ids for lite and plus, which were not claimed: each message needs an id of its own, or the stream drops it as a copy */
    public Sender(Lanes lanes, Messages messages, OpenRuns open, SteadyTime time, RunIds ids, Told told) {
        this.lanes = lanes;
        this.messages = messages;
        this.open = open;
        this.time = time;
        this.ids = ids;
        this.told = told;
    }

    /** Sends an admitted fire, or refuses it when {@code maxConcurrency} runs of its job are open. */
    void send(Fire admitted, int maxConcurrency, Outcome outcome) {
        if (admitted.job().spec().route().addressed() && admitted.parts() == null) {
            told.unpicked.pick(admitted, maxConcurrency, outcome);
            return;
        }
        long now = time.millis();
        Fire fire = admitted.runId() == 0 ? admitted.claimed(ids.next(), 0) : admitted;
        OpenRun run = fire.recorded() ? run(fire, Math.max(fire.fireAt(), now) + fire.job().spec().limits().timeoutMillis(), now) : null;
        int others = run == null ? 0 : open.admit(run, maxConcurrency);
        if (others < 0) {
            refuse(fire, SkipReason.CONCURRENCY, outcome);
            return;
        }
        if (run != null && run.deadlineAt() > run.storedDeadline() + LATE_MILLIS) {
            told.late.accept(run);
        }
        if (run == null || run.parts() == null) {
            offer(messages.message(fire, run, others, now, outcome));
            return;
        }
        List<Integer> parts = run.parts().open();
        PartSends sends = new PartSends(fire, run, outcome, open, told.refusedPart, parts.size());
        parts.forEach(index -> offer(messages.part(fire, run, index, others, now, sends.of(index))));
    }

    private void offer(Outgoing message) {
        lanes.presets.before(message, this::go);
    }

    private void go(Outgoing message) {
        if (message.fire().job().spec().route().subjectModel() == SubjectModel.JET_STREAM) {
            lanes.jetStream.offer(message);
            return;
        }
        // It may have waited for its key to be written.
        SkipReason unsent = time.millis() > message.dueAt() + Fire.MAX_LATE_MILLIS ? SkipReason.MISSED : publishLeading(message);
        if (unsent != null) {
            unsent(message, unsent);
        }
    }

    /**
     * Sends again what a former leader may have sent, for the stream to drop the copy (docs/rules.md 17).
     *
     * @param firstTry epoch milliseconds before which it was surely not sent
     */
    public void resend(Fire fire, OpenRun run, long firstTry) {
        boolean first = run.step() == fire.job().spec().route().category().firstStep();
        int running = open.running(run.jobId());
        int others = first ? Math.max(0, running - 1) : running;
        if (run.parts() == null) {
            lanes.presets.before(messages.message(fire, run, others, firstTry, Outcome.ROW), lanes.jetStream::resend);
            return;
        }
        List<Integer> parts = run.parts().open();
        PartSends sends = new PartSends(fire, run, Outcome.ROW, open, told.refusedPart, parts.size());
        parts.forEach(index -> lanes.presets.before(messages.part(fire, run, index, others, firstTry, sends.of(index)), lanes.jetStream::resend));
    }

    /**
     * Sends the main step of a map, which is committed, with a deadline from now on (docs/rules.md 20). Whatever became of the job
     * meanwhile: the run is under way.
     *
     * @return false while there is no NATS, or this server has no lease: surely not sent, to be tried again
     */
    boolean sendMain(OpenRun run) {
        Fire fire = run.main();
        if (!lanes.link.connected() || !lanes.leading.getAsBoolean()) {
            run.doubt(lanes.link.connected() ? SkipReason.NO_LEADER : SkipReason.NATS_DOWN);
            return false;
        }
        long now = time.millis();
        if (!open.begin(run, now + fire.job().spec().limits().timeoutMillis())) {
            return true;
        }
        if (run.deadlineAt() > run.storedDeadline() + LATE_MILLIS) {
            told.late.accept(run);
        }
        run.doubt(null);
        Outgoing message = messages.message(fire, run, open.running(run.jobId()), now, Outcome.ROW);
        lanes.presets.beforeMain(message);
        if (fire.job().spec().route().subjectModel() == SubjectModel.JET_STREAM) {
            lanes.jetStream.resend(message);
            return true;
        }
        SkipReason unsent = publishLeading(message);
        if (unsent != null) {
            run.doubt(unsent);
        }
        return unsent != SkipReason.NATS_DOWN && unsent != SkipReason.NO_LEADER;
    }

    void refuse(Fire fire, SkipReason reason, Outcome outcome) {
        if (fire.takenOver()) {
            leaveToDeadline(fire, reason);
        }
        outcome.refused(fire, reason);
    }

    /**
     * The run's row may stand although it is not sent, because a former leader may have sent it (docs/rules.md 6) or because the
     * row could not be removed: it stays open, and tells at its deadline why we did not send it.
     */
    void leaveToDeadline(Fire fire, SkipReason reason) {
        OpenRun run = run(fire, fire.storedDeadline(), fire.fireAt());
        run.doubt(reason);
        open.add(run);
    }

    /** All of a batch is on its way: ask NATS to confirm. */
    void flush() {
        lanes.confirmer.flush();
    }

    /** The lease is asked right before: the message may have waited. */
    private SkipReason publishLeading(Outgoing message) {
        return lanes.leading.getAsBoolean() ? publish(message) : SkipReason.NO_LEADER;
    }

    /** On a memory subject; answers why it was surely not sent, or null. */
    private SkipReason publish(Outgoing message) {
        try {
            long incarnation = lanes.link.publish(message.subject(), message.payload());
            lanes.confirmer.sent(message, incarnation);
            return null;
        } catch (LinkDownException e) {
            return SkipReason.NATS_DOWN;
        } catch (IllegalArgumentException e) {
            LOG.warn("a message cannot be sent", "job", message.fire().job().path(), "bytes", message.payload().length, "why", e.getMessage());
            return SkipReason.REFUSED;
        }
    }

    private void unsent(Outgoing message, SkipReason reason) {
        if (message.part()) {
            message.outcome().refused(message.fire(), reason);
            return;
        }
        if (message.run() != null) {
            open.forget(message.run());
        }
        refuse(message.fire(), reason, message.outcome());
    }

    private static OpenRun run(Fire fire, long deadlineAt, long sentAt) {
        OpenRun run = new OpenRun(fire.runId(), fire.job().id(), RunNames.of(fire.job()), fire.trigger(), fire.fireAt(), fire.storedDeadline(), deadlineAt, sentAt);
        return fire.job().spec().route().category().firstStep() == RunStep.PRE ? run.inFirstStep(fire) : run.to(fire.parts());
    }
}
