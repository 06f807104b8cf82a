package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.job.RunTrigger;
import io.natsjob.store.Database;
import io.natsjob.store.PartEnd;
import io.natsjob.store.PartTable;
import io.natsjob.store.Sql;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A run as JSON. While it is open, only the engine's memory knows when it was sent. */
final class RunView {
    private final Database database;
    private final Engine engine;

    RunView(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    /** One run. */
    JsonObject of(Run run) {
        return over(List.of(run)).apply(run);
    }

    /** The view of these runs: leader and database are asked about all of them at once. */
    Function<Run, JsonObject> over(List<Run> runs) {
        Set<Long> open = open(runs);
        Optional<Engine.Facts> facts = open.isEmpty() ? Optional.empty() : engine.facts(Set.of(), open, null);
        boolean anyParts = runs.stream().anyMatch(RunView::sharded);
        Map<Long, Map<Long, PartEnd>> parts = anyParts ? database.read(sql -> endedParts(sql, runs)) : Map.of();
        return run -> of(run, facts, parts.getOrDefault(run.id(), Map.of()));
    }

    /** What has ended of the runs' parts, by run and sub-id. */
    static Map<Long, Map<Long, PartEnd>> endedParts(Sql sql, List<Run> runs) {
        return PartTable.of(sql, runs.stream().filter(RunView::sharded).map(Run::id).toList());
    }

    private static boolean sharded(Run run) {
        return run.parts() != null && run.parts().broadcast();
    }

    /** The ids of those that are open. */
    static Set<Long> open(List<Run> runs) {
        return runs.stream().filter(run -> !run.state().isFinal()).map(Run::id).collect(Collectors.toSet());
    }

    /** Whether anybody may see it yet: a fire that was claimed ahead and not sent is in no list. */
    static boolean visible(Run run, long settled) {
        return run.state() != RunState.RUNNING || run.trigger() == RunTrigger.MANUAL || run.scheduledAt() <= settled;
    }

    /**
     * @param facts of an open run; nothing where no leader answers
     * @param ended its parts that have ended, by sub-id
     */
    static JsonObject of(Run run, Optional<Engine.Facts> facts, Map<Long, PartEnd> ended) {
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
                .add("parts", sharded(run) ? parts(run, ended) : Json.NULL)
                .add("term", run.term()), open && facts.isEmpty());
    }

    /** In the order of the shards, each under the worker that it was sent to. */
    private static JsonArray parts(Run run, Map<Long, PartEnd> ended) {
        JsonArray parts = new JsonArray();
        for (int i = 0; i < run.parts().size(); i++) {
            PartEnd end = ended.get(Parts.subId(run.id(), i));
            JsonObject part = new JsonObject().add("workerId", run.parts().workerIds().get(i));
            if (end != null) {
                part.add("state", end.state().word()).add("reason", Values.of(end.reason())).add("endedAt", end.endedAt());
            } else {
                RunState state = run.state().isFinal() ? RunState.EXPIRED : RunState.RUNNING;
                part.add("state", state.word()).add("reason", Json.NULL).add("endedAt", Values.of(run.endedAt()));
            }
            parts.add(part);
        }
        return parts;
    }
}
