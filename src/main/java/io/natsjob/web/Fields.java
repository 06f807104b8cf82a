package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.Word;
import io.natsjob.json.Json;
import io.natsjob.json.JsonException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reads the fields of a JSON object. A field that is {@code null} counts as absent. Each fault is gathered under the field's name
 * and a harmless value is answered in its place, so that one pass finds all faults. Lengths are counted in Unicode code points.
 */
final class Fields {
    /** 9999-12-31T23:59:59.999Z. */
    static final long MAX_MILLIS = 253_402_300_799_999L;
    static final String UNSTORABLE = "must not hold U+0000 or a lone surrogate";

    private final JsonObject object;
    private final String prefix;
    private final FieldErrors errors;

    /** @param prefix stands before each field name in messages, such as {@code [3].} */
    Fields(JsonObject object, String prefix, FieldErrors errors) {
        this.object = object;
        this.prefix = prefix;
        this.errors = errors;
    }

    Fields(JsonObject object) {
        this(object, "", new FieldErrors());
    }

    FieldErrors errors() {
        return errors;
    }

    boolean has(String name) {
        return value(name) != null;
    }

    void add(String name, String code, String message) {
        errors.add(prefix + name, code, message);
    }

    void invalid(String name, String message) {
        add(name, FieldError.INVALID, message);
    }

    /** Whether this field was found wrong. */
    boolean wrong(String name) {
        return errors.has(prefix + name);
    }

    /** Refuses every field outside the two sets, and a field that is there twice (of two values one would be dropped silently). */
    void refuseUnknown(Set<String> known, Set<String> readOnly) {
        Set<String> seen = new HashSet<>();
        for (JsonObject.Member member : object) {
            String name = member.getName();
            if (!known.contains(name) && !readOnly.contains(name)) {
                add(Shown.cut(name), FieldError.UNKNOWN, "unknown field");
            } else if (!seen.add(name)) {
                invalid(name, "given twice");
            }
        }
    }

    /** At most {@code max} characters; {@code fallback} where absent. */
    String text(String name, int max, String fallback) {
        JsonValue value = value(name);
        if (value == null) {
            return fallback;
        }
        if (!value.isString()) {
            invalid(name, "expected a text, found " + Json.kind(value));
            return fallback;
        }
        String text = value.asString();
        int length = text.codePointCount(0, text.length());
        if (length > max) {
            invalid(name, length + " characters are too many, at most " + max);
            return fallback;
        }
        if (unstorable(text)) {
            invalid(name, UNSTORABLE);
            return fallback;
        }
        return text;
    }

    /** As {@link #text}, but it must be there and not empty; the empty text stands for a fault. */
    String required(String name, int max) {
        String text = text(name, max, "");
        if (text.isEmpty() && !wrong(name)) {
            add(name, FieldError.REQUIRED, has(name) ? "must not be empty" : "is required");
        }
        return text;
    }

    boolean flag(String name, boolean fallback) {
        JsonValue value = value(name);
        if (value == null || value.isBoolean()) {
            return value == null ? fallback : value.asBoolean();
        }
        invalid(name, "expected true or false, found " + Shown.cut(value.toString()));
        return fallback;
    }

    long number(String name, long min, long max, long fallback) {
        Long number = numberOrNull(name, min, max);
        return number == null ? fallback : number;
    }

    Long numberOrNull(String name, long min, long max) {
        JsonValue value = value(name);
        if (value == null) {
            return null;
        }
        try {
            long number = Json.longValue(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (JsonException e) {
            // the message below says what a number is
        }
        invalid(name, "expected a whole number from " + min + " to " + max + ", found " + Shown.cut(value.toString()));
        return null;
    }

    /** Epoch milliseconds, or null. */
    Long millis(String name) {
        return numberOrNull(name, 0, MAX_MILLIS);
    }

    <E extends Enum<E> & Word> E word(Class<E> type, String name, E fallback) {
        JsonValue value = value(name);
        if (value == null) {
            return fallback;
        }
        E found = value.isString() ? Word.find(type, value.asString()).orElse(null) : null;
        if (found == null) {
            invalid(name, "expected one of " + Word.all(type) + ", found " + Shown.cut(value.toString()));
            return fallback;
        }
        return found;
    }

    /** Text that some database refuses (docs/rules.md 28). */
    static boolean unstorable(String text) {
        return text.codePoints().anyMatch(c -> c == 0 || c >= 0xD800 && c <= 0xDFFF);
    }

    private JsonValue value(String name) {
        JsonValue value = Json.field(object, name);
        return value == null || value.isNull() ? null : value;
    }
}
