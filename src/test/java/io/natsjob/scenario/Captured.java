package io.natsjob.scenario;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * What an original server put on NATS, as forms: each field in its order, with ids, times and the job's own name made general. Reads the
 * captured lines by itself, without natsjob's code.
 */
final class Captured {
    private final List<JsonObject> lines;

    Captured() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                Objects.requireNonNull(Captured.class.getResourceAsStream("/protocol/wire.jsonl")), StandardCharsets.UTF_8))) {
            lines = reader.lines().map(line -> Json.parse(line).asObject()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The job messages of a case such as {@code map.max.memory}, each once; empty where nobody captured it. */
    TreeSet<String> jobMessages(String name) {
        return forms(name, ".job.", true);
    }

    /** The monitor messages of a case, each once. */
    TreeSet<String> monitorMessages(String name) {
        return forms(name, "natsjob.job.monitor.", false);
    }

    private TreeSet<String> forms(String name, String subject, boolean jobs) {
        TreeSet<String> forms = new TreeSet<>();
        for (JsonObject line : lines) {
            String to = line.getString("subject", "");
            if (line.getString("case", "").equals(name) && to.contains(subject) && jobs != to.startsWith("natsjob.job.monitor.")) {
                forms.add(form(to, Json.parse(line.getString("payload", "")).asObject()));
            }
        }
        return forms;
    }

    /**
     * {@code subject field=value ...}. Of a job message the original's fields only; {@code condition} is left out, since the original leaves it empty.
     */
    static String form(String subject, JsonObject message) {
        String job = message.getString("jobName", "");
        String task = message.getString("taskId", "");
        StringBuilder form = new StringBuilder(subject.replace("." + job, ".JOB"));
        for (JsonObject.Member field : message) {
            if (List.of("condition", "scheduledTime", "attempt", "shardIndex", "shardTotal", "epoch").contains(field.getName())) {
                continue;
            }
            form.append(' ').append(field.getName()).append('=').append(value(field.getValue(), job, task));
        }
        return form.toString();
    }

    private static String value(JsonValue value, String job, String task) {
        String text = value.toString();
        if (value.isString() && value.asString().equals(job)) {
            return "\"JOB\"";
        }
        return text.replace("." + job + ".", ".JOB.").replace(task, "TASK").replaceAll("TASK\\.\\d{15,19}", "TASK.SUB").replaceAll("\"\\d{15,19}\"", "\"SUB\"")
                .replaceAll("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3}", "TIME");
    }
}
