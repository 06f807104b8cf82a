package io.natsjob.result;

import io.natsjob.protocol.StepReport;
import io.natsjob.store.Step;

/** A step between its reading and its commit. */
final class PendingStep {
    final StepReport report;
    final Step.Origin origin;
    /** NATS' own time stamp, epoch milliseconds. */
    final long takenAt;
    /** Kept over repeated tries: a row of this id and origin is ours, even where the answer to its commit was lost. */
    long id;

    PendingStep(StepReport report, Step.Origin origin, long takenAt, long id) {
        this.report = report;
        this.origin = origin;
        this.takenAt = takenAt;
        this.id = id;
    }

    String key() {
        return "step " + origin.sequence() + " of run " + report.taskId();
    }
}
