package io.natsjob.log;

import java.util.List;

/**
 * One line as its caller gave it; not yet escaped, values already cut to {@link #VALUE_MAX_CHARS}.
 *
 * @param level how much it matters
 * @param logger name of the part of the server that speaks
 * @param message constant text
 * @param fields the key values, in order
 * @param error what was thrown, or null
 */
public record LogLine(Level level, String logger, String message, List<Field> fields, Throwable error) {
    /** Longest message or value in characters; the rest is cut and its length noted. */
    public static final int VALUE_MAX_CHARS = 2_048;

    /** Most key values of one line; further ones are left out. */
    public static final int FIELDS_MAX = 32;

    /**
     * One key and its value.
     *
     * @param key the name
     * @param value the value as text
     * @param literal whether the value is a number, boolean or null, which JSON writes without quotes
     */
    public record Field(String key, String value, boolean literal) {}
}
