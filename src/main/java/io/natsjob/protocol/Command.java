package io.natsjob.protocol;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What a server asks the leader to do or to tell, since only the leader can. Ids stand as text, as everywhere. */
public sealed interface Command {
    /** Ids in one question. */
    int MAX_IDS = 500;

    /**
     * Run a job now.
     *
     * @param args     instead of the job's own, or null
     * @param workerId to this worker of an ultra job, or null; a server that does not know the field chooses itself
     */
    record Run(long jobId, String args, String workerId, boolean force) implements Command {}

    /** End a stuck run as {@code fail}. */
    record End(long taskId, String reason) implements Command {}

    /**
     * Tell what only the leader's memory knows.
     *
     * @param jobs      ids of jobs whose open runs are asked for
     * @param tasks     ids of open runs whose sending is asked for
     * @param namespace the open runs of one namespace instead of all, or null
     */
    record Tell(Set<Long> jobs, Set<Long> tasks, String namespace) implements Command {
        public Tell {
            if (jobs.size() + tasks.size() > MAX_IDS) {
                throw new IllegalArgumentException(jobs.size() + tasks.size() + " ids: at most " + MAX_IDS);
            }
        }
    }

    /** Give the lease to the sender if the leader's own database has been away for long (docs/rules.md 14). */
    record Yield() implements Command {}

    default String json() {
        JsonObject json = switch (this) {
            case Run run -> new JsonObject().add("do", "run").add("job", Long.toString(run.jobId)).add("args", run.args).add("worker", run.workerId).add("force", run.force);
            case End end -> new JsonObject().add("do", "end").add("task", Long.toString(end.taskId)).add("reason", end.reason);
            case Tell tell -> new JsonObject().add("do", "tell").add("jobs", ids(tell.jobs)).add("tasks", ids(tell.tasks)).add("namespace", tell.namespace);
            case Yield yield -> new JsonObject().add("do", "yield");
        };
        return json.toString();
    }

    /** @throws IllegalArgumentException where it is no command that this server knows */
    static Command parse(String json) {
        JsonObject fields = Envelope.object(json);
        String what = text(fields, "do");
        return switch (what == null ? "" : what) {
            case "run" -> new Run(id(fields, "job"), text(fields, "args"), text(fields, "worker"), fields.getBoolean("force", false));
            case "end" -> new End(id(fields, "task"), text(fields, "reason"));
            case "tell" -> new Tell(ids(fields, "jobs"), ids(fields, "tasks"), text(fields, "namespace"));
            case "yield" -> new Yield();
            default -> throw new IllegalArgumentException("command '" + what + "': must be run, end, tell or yield");
        };
    }

    private static JsonArray ids(Set<Long> ids) {
        JsonArray array = new JsonArray();
        ids.forEach(id -> array.add(Long.toString(id)));
        return array;
    }

    private static Set<Long> ids(JsonObject fields, String name) {
        List<Long> ids = new ArrayList<>();
        JsonValue array = Json.field(fields, name);
        if (array != null && array.isArray()) {
            array.asArray().forEach(id -> ids.add(id(id.isString() ? id.asString() : "", name)));
        }
        return Set.copyOf(ids);
    }

    private static long id(JsonObject fields, String name) {
        return id(text(fields, name), name);
    }

    private static long id(String text, String name) {
        return Tokens.id(text == null ? "" : text).orElseThrow(() -> new IllegalArgumentException(name + " '" + text + "': must be a positive integer of 64 bits"));
    }

    private static String text(JsonObject fields, String name) {
        JsonValue value = Json.field(fields, name);
        return value == null || !value.isString() ? null : value.asString();
    }
}
