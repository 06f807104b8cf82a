package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.job.RunTrigger;
import java.util.OptionalLong;

/** A run as JSON. While it is open, only the engine's memory knows when it was sent. */
final class RunView {
    private final Engine engine;

    RunView(Engine engine) {
        this.engine = engine;
    }

    /** Whether anybody may see it yet: a fire that was claimed ahead and not sent is in no list. */
    static boolean visible(Run run, long settled) {
        return run.state() != RunState.RUNNING || run.trigger() == RunTrigger.MANUAL || run.scheduledAt() <= settled;
    }

    JsonObject of(Run run) {
        return new JsonObject()
                .add("taskId", Values.id(run.id()))
                .add("jobId", Values.id(run.jobId()))
                .add("namespace", run.names().namespace())
                .add("app", run.names().app())
                .add("job", run.names().job())
                .add("attempt", run.attempt())
                .add("trigger", run.trigger().word())
                .add("state", run.state().word())
                .add("scheduledAt", run.scheduledAt())
                .add("sentAt", Values.of(sentAt(run)))
                .add("deadlineAt", run.deadlineAt())
                .add("endedAt", Values.of(run.endedAt()))
                .add("reason", Values.of(run.reason()))
                .add("monitorStatus", Values.of(run.monitorStatus()))
                .add("monitorPayload", Values.of(run.monitorPayload()))
                .add("workerId", Values.of(run.workerId()))
                .add("args", run.args())
                // a standalone run has no parts
                .add("parts", Json.NULL)
                .add("term", run.term());
    }

    private Long sentAt(Run run) {
        if (run.state().isFinal()) {
            return run.sentAt();
        }
        OptionalLong sent = engine.sentAt(run.id());
        return sent.isPresent() ? Long.valueOf(sent.getAsLong()) : null;
    }
}
