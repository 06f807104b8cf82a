package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.job.RunTrigger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A run as JSON. While it is open, only the engine's memory knows when it was sent. */
final class RunView {
    private final Engine engine;

    RunView(Engine engine) {
        this.engine = engine;
    }

    /** One run. */
    JsonObject of(Run run) {
        return over(List.of(run)).apply(run);
    }

    /** The view of these runs: the leader is asked about all of them at once. */
    Function<Run, JsonObject> over(List<Run> runs) {
        Set<Long> open = open(runs);
        Optional<Engine.Facts> facts = open.isEmpty() ? Optional.empty() : engine.facts(Set.of(), open, null);
        return run -> of(run, facts);
    }

    /** The ids of those that are open. */
    static Set<Long> open(List<Run> runs) {
        return runs.stream().filter(run -> !run.state().isFinal()).map(Run::id).collect(Collectors.toSet());
    }

    /** Whether anybody may see it yet: a fire that was claimed ahead and not sent is in no list. */
    static boolean visible(Run run, long settled) {
        return run.state() != RunState.RUNNING || run.trigger() == RunTrigger.MANUAL || run.scheduledAt() <= settled;
    }

    /** @param facts of an open run; nothing where no leader answers */
    static JsonObject of(Run run, Optional<Engine.Facts> facts) {
        boolean open = !run.state().isFinal();
        Long sentAt = open ? facts.map(known -> known.sentAt().get(run.id())).orElse(null) : run.sentAt();
        return Values.stale(new JsonObject()
                .add("taskId", Values.id(run.id()))
                .add("jobId", Values.id(run.jobId()))
                .add("namespace", run.names().namespace())
                .add("app", run.names().app())
                .add("job", run.names().job())
                .add("attempt", run.attempt())
                .add("trigger", run.trigger().word())
                .add("state", run.state().word())
                .add("scheduledAt", run.scheduledAt())
                .add("sentAt", Values.of(sentAt))
                .add("deadlineAt", run.deadlineAt())
                .add("endedAt", Values.of(run.endedAt()))
                .add("reason", Values.of(run.reason()))
                .add("monitorStatus", Values.of(run.monitorStatus()))
                .add("monitorPayload", Values.of(run.monitorPayload()))
                .add("workerId", Values.of(run.workerId()))
                .add("args", run.args())
                // a standalone run has no parts
                .add("parts", Json.NULL)
                .add("term", run.term()), open && facts.isEmpty());
    }
}
