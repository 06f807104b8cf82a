package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.RunNames;
import io.natsjob.protocol.End;
import io.natsjob.protocol.Ending;
import io.natsjob.protocol.JobMessage;
import io.natsjob.protocol.ResultKey;
import io.natsjob.protocol.Subjects;
import io.natsjob.protocol.WireTime;

/** Makes the message of a fire. */
public final class Messages {
    private final WireTime wireTime;
    private final long term;

    public Messages(WireTime wireTime, long term) {
        this.wireTime = wireTime;
        this.term = term;
    }

    /**
     * @param run     null for lite and plus, which have nothing to end
     * @param others  open runs of the job besides this one
     */
    Outgoing message(Fire fire, OpenRun run, int others, long sentAt, Outcome outcome) {
        Job job = fire.job();
        RunNames names = run == null ? RunNames.of(job) : run.names();
        Ending ending = run == null ? Ending.NONE
                : Ending.by(wireTime.text(run.deadlineAt()), new ResultKey(End.END, names, fire.runId(), null));
        byte[] payload = new JobMessage(fire.runId(), names, job.spec().route().category(), job.spec().route().model(),
                job.spec().route().condition().word(), fire.args(), wireTime.text(sentAt), ending, others, wireTime.text(fire.fireAt()), 1, term).json();
        return new Outgoing(fire, run, outcome, Subjects.start(job.spec().route().subjectModel(), names), payload, sentAt);
    }
}
