package io.natsjob.dispatch;

import io.natsjob.job.Category;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.End;
import io.natsjob.protocol.Ending;
import io.natsjob.protocol.JobMessage;
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
        Job job = fire.job();
        Category category = job.spec().route().category();
        RunNames names = run == null ? RunNames.of(job) : run.names();
        RunStep step = run == null ? category.firstStep() : run.step();
        Ending ending = ending(run, step);
        byte[] payload = new JobMessage(fire.runId(), names, category, job.spec().route().model(), job.spec().route().condition().word(), fire.args(),
                wireTime.text(sentAt), ending, running, wireTime.text(fire.fireAt()), 1, term).json();
        return new Outgoing(fire, run, outcome, id(fire, step), subject(fire, names, step), payload, sentAt, run == null ? null : ending.key());
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
