package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.RunNames;
import io.natsjob.job.Texts;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;

/**
 * A step of a job as its worker reports it. The texts are never null and already cut to the lengths that are kept. Whether there is such
 * a run, and whether it is of these names, is for the reader to find out.
 *
 * @param names  as the worker gives them: any of them may be empty, or no name
 * @param source who reports what
 * @param reason up to {@value Answer#MAX_TEXT} code points
 * @param times  when it began and ended
 */
public record StepReport(long taskId, RunNames names, Source source, String status, String reason, Alarm alarm, Times times) implements ParsedStep {
    /**
     * Who did what.
     *
     * @param clientId  up to {@value Answer#MAX_WORD} code points, as {@code sceneId}
     * @param sceneName up to {@value Answer#MAX_TEXT}
     */
    public record Source(String clientId, String sceneId, String sceneName) {}

    /**
     * What listeners are told.
     *
     * @param monitorStatus  up to {@value Answer#MAX_WORD} code points; empty: they are told nothing
     * @param monitorPayload up to {@value Answer#MAX_TEXT}
     */
    public record Alarm(String monitorStatus, String monitorPayload) {}

    /** Epoch milliseconds, null where there is none that can be read. */
    public record Times(Long startAt, Long endAt) {}

    /** What the bytes are. Never throws, whatever they are: malformed UTF-8 becomes U+FFFD. */
    public static ParsedStep parse(byte[] payload, WireTime times) {
        if (payload.length > Answer.MAX_BYTES) {
            return ParsedStep.TOO_LARGE;
        }
        String text = new String(payload, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return ParsedStep.EMPTY;
        }
        try {
            return of(Json.parseObject(text), times);
        } catch (JsonException e) {
            return ParsedStep.MALFORMED;
        }
    }

    private static ParsedStep of(JsonObject fields, WireTime times) {
        OptionalLong task = Tokens.id(text(fields, "taskId").strip());
        if (task.isEmpty()) {
            return ParsedStep.NO_TASK;
        }
        RunNames names = new RunNames(word(fields, "namespace"), word(fields, "appName"), word(fields, "jobName"));
        return new StepReport(task.getAsLong(), names,
                new Source(word(fields, "clientId"), word(fields, "sceneId"), kept(fields, "sceneName", Answer.MAX_TEXT)),
                word(fields, "status"), kept(fields, "reason", Answer.MAX_TEXT),
                new Alarm(word(fields, "monitorStatus"), kept(fields, "monitorPayload", Answer.MAX_TEXT)),
                new Times(time(fields, "startAt", times), time(fields, "endAt", times)));
    }

    private static Long time(JsonObject fields, String name, WireTime times) {
        OptionalLong time = times.parseAny(text(fields, name));
        return time.isEmpty() ? null : Long.valueOf(time.getAsLong());
    }

    private static String word(JsonObject fields, String name) {
        return kept(fields, name, Answer.MAX_WORD);
    }

    private static String kept(JsonObject fields, String name, int max) {
        return Texts.kept(text(fields, name), max);
    }

    /** The member as text: a number (all its digits) or a nested value as it is written, null and absent as empty. */
    private static String text(JsonObject fields, String name) {
        JsonValue value = Json.fieldIgnoreCase(fields, name);
        if (value == null || value.isNull()) {
            return "";
        }
        return value.isString() ? value.asString() : value.toString();
    }
}
