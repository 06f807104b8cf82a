package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.Route;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.End;
import io.natsjob.protocol.Ending;
import io.natsjob.protocol.JobMessage;
import io.natsjob.protocol.JobMessage.Shard;
import io.natsjob.protocol.ResultKey;
import io.natsjob.protocol.Subjects;
import io.natsjob.protocol.WireTime;

/** Makes the message of a fire. */
public final class Messages {
    private static final String MAIN_STEP = ".m";

    private final WireTime wireTime;
    private final long term;

    public Messages(WireTime wireTime, long term) {
        this.wireTime = wireTime;
        this.term = term;
    }

    /**
     * The message of the step in which the run is.
     *
     * @param run     null for lite and plus, which have nothing to end and, as a map, no main step
     * @param running open runs of the job, as the worker is told
     */
    Outgoing message(Fire fire, OpenRun run, int running, long sentAt, Outcome outcome) {
        RunNames names = run == null ? RunNames.of(fire.job()) : run.names();
        RunStep step = run == null ? fire.job().spec().route().category().firstStep() : run.step();
        Ending ending = ending(run, step);
        byte[] payload = payload(fire, names, ending, running, null, sentAt);
        return new Outgoing(fire, run, false, outcome, id(fire, step), subject(fire, names, step), payload, sentAt, run == null ? null : ending.key());
    }

    /** The message to the worker of part {@code index} of an ultra run. */
    Outgoing part(Fire fire, OpenRun run, int index, int running, long sentAt, Outcome outcome) {
        OpenParts parts = run.parts();
        ResultKey key = new ResultKey(End.CLIENT_END, run.names(), run.id(), parts.subId(index));
        Shard shard = parts.broadcast() ? new Shard(index, parts.size()) : null;
        byte[] payload = payload(fire, run.names(), Ending.by(wireTime.text(run.deadlineAt()), key), running, shard, sentAt);
        String subject = Subjects.clientStart(fire.job().spec().route().subjectModel(), run.names(), parts.workerId(index));
        return new Outgoing(fire, run, true, outcome, fire.runId() + "." + parts.subId(index), subject, payload, sentAt, key.text());
    }

    private byte[] payload(Fire fire, RunNames names, Ending ending, int running, Shard shard, long sentAt) {
        Route route = fire.job().spec().route();
        return new JobMessage(fire.runId(), names, route.category(), route.model(), route.condition().word(), fire.args(), wireTime.text(sentAt), ending, running,
                wireTime.text(fire.fireAt()), 1, shard, term).json();
    }

    private Ending ending(OpenRun run, RunStep step) {
        if (run == null) {
            return Ending.NONE;
        }
        End end = step == RunStep.PRE ? End.PRE_END : End.END;
        return Ending.by(wireTime.text(run.deadlineAt()), new ResultKey(end, run.names(), run.id(), null));
    }

    /** Both messages of a map go through one stream, which would drop the second of the same id (docs/rules.md 16). */
    private static String id(Fire fire, RunStep step) {
        boolean second = step != fire.job().spec().route().category().firstStep();
        return second ? fire.runId() + MAIN_STEP : Long.toString(fire.runId());
    }

    private static String subject(Fire fire, RunNames names, RunStep step) {
        SubjectModel model = fire.job().spec().route().subjectModel();
        return step == RunStep.PRE ? Subjects.preStart(model, names) : Subjects.start(model, names);
    }
}
