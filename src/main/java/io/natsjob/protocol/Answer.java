package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.Texts;
import io.natsjob.job.Word;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A worker's answer: JSON, or one bare word. The texts are never null and already cut to the lengths that are kept.
 * A delete or purge marker of the bucket is no value and must not come here.
 *
 * @param reason         up to {@value #MAX_TEXT} code points
 * @param monitorStatus  up to {@value #MAX_WORD}
 * @param monitorPayload up to {@value #MAX_TEXT}
 * @param clientId       up to {@value #MAX_WORD}; empty where the worker does not say
 */
public record Answer(Status status, String reason, String monitorStatus, String monitorPayload, String clientId) implements Parsed {
    public static final int MAX_WORD = 64;
    public static final int MAX_TEXT = 1_024;
    /** Bytes: four times the largest message of a NATS server as it comes. */
    public static final int MAX_BYTES = 4 << 20;

    /** The states that a worker may give. */
    public enum Status implements Word {
        SUCCESS("success"),
        FAIL("fail"),
        /** The first step of a map is done: the main step may start. */
        NEXT("success:next");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        @Override
        public String word() {
            return word;
        }
    }

    /** What {@code value} under {@code key} is. Never throws, whatever the bytes are: malformed UTF-8 becomes U+FFFD. */
    public static Parsed parse(ResultKey key, byte[] value) {
        if (value.length > MAX_BYTES) {
            return Parsed.TOO_LARGE;
        }
        String text = new String(value, StandardCharsets.UTF_8).strip();
        if (text.isEmpty()) {
            return Parsed.EMPTY;
        }
        return text.charAt(0) == '{' ? ofJson(key, text) : checked(key, text, new JsonObject());
    }

    private static Parsed ofJson(ResultKey key, String text) {
        JsonObject fields;
        try {
            fields = Json.parseObject(text);
        } catch (JsonException e) {
            return Parsed.MALFORMED;
        }
        return checked(key, text(fields, "status"), fields);
    }

    private static Parsed checked(ResultKey key, String word, JsonObject fields) {
        Optional<Status> status = Word.find(Status.class, word);
        if (status.isEmpty()) {
            return word.strip().toLowerCase(Locale.ROOT).equals("expired") ? Parsed.EXPIRED_BY_WORKER : Parsed.UNKNOWN_STATE;
        }
        if (status.get() == Status.NEXT && key.end() != End.PRE_END) {
            return Parsed.MISPLACED_NEXT;
        }
        return new Answer(status.get(), kept(fields, "reason", MAX_TEXT), kept(fields, "monitorStatus", MAX_WORD),
                kept(fields, "monitorPayload", MAX_TEXT), kept(fields, "clientId", MAX_WORD));
    }

    private static String kept(JsonObject fields, String name, int max) {
        return Texts.kept(text(fields, name), max);
    }

    /** The member as text: a number or a nested value as it is written, null and absent as empty. */
    private static String text(JsonObject fields, String name) {
        JsonValue value = Json.fieldIgnoreCase(fields, name);
        if (value == null || value.isNull()) {
            return "";
        }
        return value.isString() ? value.asString() : value.toString();
    }

    /** The answer as a worker puts it. */
    public byte[] json() {
        return new JsonObject().add("status", status.word()).add("reason", reason).add("monitorStatus", monitorStatus)
                .add("monitorPayload", monitorPayload).add("clientId", clientId).toString().getBytes(StandardCharsets.UTF_8);
    }
}
