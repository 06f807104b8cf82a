package io.natsjob.json;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import com.eclipsesource.json.ParseException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Parses JSON and reads members. To write, call {@code toString()} of the value.
 * Of members with the same name the last one counts. Nesting deeper than 1,000 levels is refused.
 */
public final class Json {
    private Json() {}

    /**
     * The value that the text holds.
     *
     * @throws JsonException where the text is not one JSON value, with the position
     */
    public static JsonValue parse(String text) {
        try {
            return com.eclipsesource.json.Json.parse(text);
        } catch (ParseException e) {
            throw new JsonException("not valid JSON: " + e.getMessage(), e.getLocation().offset, e);
        }
    }

    /**
     * The object that the text holds.
     *
     * @throws JsonException where the text is not JSON, or not an object
     */
    public static JsonObject parseObject(String text) {
        JsonValue value = parse(text);
        if (!value.isObject()) {
            throw new JsonException("expected a JSON object, found " + kind(value), 0, null);
        }
        return value.asObject();
    }

    /**
     * The object that the bytes hold, which must be UTF-8 without a byte order mark.
     *
     * @throws JsonException where the bytes are malformed UTF-8 (with the byte's offset), not JSON, or not an object
     */
    public static JsonObject parseObject(byte[] utf8) {
        return parseObject(strict(utf8));
    }

    /**
     * As {@link #parseObject(byte[])}, but each malformed sequence becomes U+FFFD instead of an error, as docs/protocol.md
     * asks for answers of workers.
     *
     * @throws JsonException where the text is not JSON, or not an object
     */
    public static JsonObject parseLenient(byte[] utf8) {
        return parseObject(new String(utf8, StandardCharsets.UTF_8));
    }

    /** The member of exactly this name, or null where there is none. A member that is JSON null is not null here. */
    public static JsonValue field(JsonObject object, String name) {
        return object.get(name);
    }

    /**
     * The member whose name equals this one without regard to case, or null where there is none. Of several, the last one
     * counts however it is written, as in Go.
     */
    public static JsonValue fieldIgnoreCase(JsonObject object, String name) {
        JsonValue found = null;
        for (JsonObject.Member member : object) {
            if (member.getName().equalsIgnoreCase(name)) {
                found = member.getValue();
            }
        }
        return found;
    }

    /**
     * The whole number that the value is, all 64 bits of it.
     *
     * @throws JsonException where it is not a number, has a fraction or an exponent, or does not fit a long
     */
    public static long longValue(JsonValue value) {
        if (value == null || !value.isNumber()) {
            throw new JsonException("expected a whole number, found " + kind(value), -1, null);
        }
        try {
            return Long.parseLong(value.toString());
        } catch (NumberFormatException e) {
            throw new JsonException("expected a whole number of 64 bits, without fraction or exponent", -1, e);
        }
    }

    /** What a value is, in words for a message: "an object", "a string" ...; "nothing" for Java's null. */
    public static String kind(JsonValue value) {
        if (value == null) {
            return "nothing";
        }
        if (value.isObject()) {
            return "an object";
        }
        if (value.isArray()) {
            return "an array";
        }
        if (value.isString()) {
            return "a string";
        }
        if (value.isNumber()) {
            return "a number";
        }
        return value.isNull() ? "null" : "a boolean";
    }

    private static String strict(byte[] utf8) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(utf8);
        CharBuffer out = CharBuffer.allocate(utf8.length);
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw new JsonException("not valid UTF-8 at byte " + in.position(), in.position(), null);
        }
        return out.flip().toString();
    }
}
