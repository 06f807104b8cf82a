package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.Category;
import io.natsjob.job.Model;
import io.natsjob.job.RunNames;
import io.natsjob.job.Word;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.charset.StandardCharsets;

/**
 * What a worker gets: JSON in UTF-8, the original's fields in the original's order, then ours (docs/protocol.md).
 *
 * @param condition     how an ultra worker was chosen, else empty
 * @param args          the job's, as they are
 * @param createdAt     the sending, as {@link WireTime}
 * @param runningCount  open runs of the job when this was sent
 * @param scheduledTime the nominal fire time, as {@link WireTime}; empty in a message of the original's
 * @param attempt       1 for the first; 0 in a message of the original's
 * @param shard         of broadcast + ultra; null in every other message
 * @param epoch         the leader's term; 0 in a message of the original's
 */
public record JobMessage(long taskId, RunNames names, Category category, Model model, String condition, String args, String createdAt,
        Ending ending, int runningCount, String scheduledTime, int attempt, Shard shard, long epoch) {
    /**
     * Which part of a run a worker does.
     *
     * @param index from 0
     * @param total at least 1
     */
    public record Shard(int index, int total) {}

    /** Bytes of a message without its args, roughly: what the buffer starts with. */
    private static final int USUAL_LENGTH = 640;

    /** The payload. Lone surrogates in a text become {@code ?}. */
    public byte[] json() {
        JsonText out = new JsonText(USUAL_LENGTH + args.length());
        out.string("taskId", Long.toString(taskId));
        out.string("namespace", names.namespace());
        out.string("appName", names.app());
        out.string("jobName", names.job());
        out.string("jobCategory", category.word());
        out.string("jobModel", model.word());
        out.string("condition", condition);
        out.string("jobArgs", args);
        out.string("jobCreatedAt", createdAt);
        out.string("jobExpireTime", ending.expireTime());
        out.string("jobEndKvKey", ending.key());
        out.string("jobEndResultKvBucket", ending.bucket());
        out.number("jobRunningCount", runningCount);
        out.string("nextPayload", "");
        out.string("scheduledTime", scheduledTime);
        out.number("attempt", attempt);
        if (shard != null) {
            out.number("shardIndex", shard.index);
            out.number("shardTotal", shard.total);
        }
        out.number("epoch", epoch);
        return out.end();
    }

    /**
     * The message that a payload holds, the original's too.
     *
     * @throws JsonException            where it is not a JSON object in UTF-8, or a number is not one
     * @throws IllegalArgumentException where a field is missing or of another form; the message names the field
     */
    public static JobMessage parse(byte[] payload) {
        JsonObject fields = Json.parseObject(payload);
        long taskId = Tokens.id(text(fields, "taskId"))
                .orElseThrow(() -> new IllegalArgumentException("taskId: must be a positive integer of 64 bits"));
        RunNames names = Tokens.checked(new RunNames(text(fields, "namespace"), text(fields, "appName"), text(fields, "jobName")));
        Ending ending = new Ending(text(fields, "jobExpireTime"), text(fields, "jobEndKvKey"), text(fields, "jobEndResultKvBucket"));
        return new JobMessage(taskId, names, word(fields, "jobCategory", Category.class), word(fields, "jobModel", Model.class),
                text(fields, "condition"), text(fields, "jobArgs"), text(fields, "jobCreatedAt"), ending,
                Math.toIntExact(number(fields, "jobRunningCount", Long.MIN_VALUE)), fields.getString("scheduledTime", ""),
                Math.toIntExact(number(fields, "attempt", 0)), shard(fields), number(fields, "epoch", 0));
    }

    private static Shard shard(JsonObject fields) {
        long total = number(fields, "shardTotal", 0);
        return total == 0 ? null : new Shard(Math.toIntExact(number(fields, "shardIndex", Long.MIN_VALUE)), Math.toIntExact(total));
    }

    private static <E extends Enum<E> & Word> E word(JsonObject fields, String name, Class<E> type) {
        String word = text(fields, name);
        return Word.find(type, word).orElseThrow(() -> new IllegalArgumentException(name + " '" + word + "': must be " + Word.all(type)));
    }

    private static String text(JsonObject fields, String name) {
        JsonValue value = Json.field(fields, name);
        if (value == null || !value.isString()) {
            throw new IllegalArgumentException(name + ": must be a string, found " + Json.kind(value));
        }
        return value.asString();
    }

    /** @param absent what an absent member means; {@code Long.MIN_VALUE}: it must be there */
    private static long number(JsonObject fields, String name, long absent) {
        JsonValue value = Json.field(fields, name);
        if (value == null && absent != Long.MIN_VALUE) {
            return absent;
        }
        if (value == null || !value.isNumber()) {
            throw new IllegalArgumentException(name + ": must be a whole number, found " + Json.kind(value));
        }
        return Json.longValue(value);
    }
}
