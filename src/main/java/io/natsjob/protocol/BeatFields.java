package io.natsjob.protocol;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.Texts;
import io.natsjob.json.Json;
import java.time.DateTimeException;
import java.time.Instant;

/** Reads the members of a heartbeat as they come: a number where a text is due, or the other way round, is read all the same. */
final class BeatFields {
    private BeatFields() {}

    /** The member as text: a number as it is written; null, absent and nested values as empty. */
    static String text(JsonObject fields, String name) {
        JsonValue value = Json.fieldIgnoreCase(fields, name);
        if (value == null || value.isNull() || value.isObject() || value.isArray()) {
            return "";
        }
        return value.isString() ? value.asString() : value.toString();
    }

    /** As {@link #text(JsonObject, String)}, cut to {@code max} code points. */
    static String text(JsonObject fields, String name, int max) {
        return Texts.kept(text(fields, name), max);
    }

    /** The whole number, or {@code otherwise} where there is none. */
    static long number(JsonObject fields, String name, long otherwise) {
        try {
            return Long.parseLong(text(fields, name).strip());
        } catch (NumberFormatException e) {
            return otherwise;
        }
    }

    static boolean flag(JsonObject fields, String name, boolean otherwise) {
        return switch (text(fields, name)) {
            case "true" -> true;
            case "false" -> false;
            default -> otherwise;
        };
    }

    /** Epoch milliseconds of an instant such as {@code 2026-11-22T15:42:07.712205212Z}; 0 where there is none. */
    static long instant(JsonObject fields, String name) {
        try {
            return Math.max(0, Instant.parse(text(fields, name)).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            // a time that cannot be read is not worth the heartbeat
            return 0;
        }
    }

    /** The nested object, empty where there is none. */
    static JsonObject object(JsonObject fields, String name) {
        JsonValue value = Json.fieldIgnoreCase(fields, name);
        return value == null || !value.isObject() ? new JsonObject() : value.asObject();
    }
}
