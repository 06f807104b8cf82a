package io.natsjob.log;

import java.util.ArrayList;
import java.util.List;

/** Turns the key values of a call into text at once, while the objects still are what the caller saw. Never throws. */
final class Fields {
    /** Whole numbers up to 2^53 are numbers in JSON; larger ones (ids) go as text, since many readers would round them. */
    private static final long EXACT_MAX = 1L << 53;

    private Fields() {}

    static List<LogLine.Field> of(Object... keyValues) {
        if (keyValues == null || keyValues.length == 0) {
            return List.of();
        }
        int count = Math.min((keyValues.length + 1) / 2, LogLine.FIELDS_MAX);
        List<LogLine.Field> fields = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            boolean paired = 2 * i + 1 < keyValues.length;
            // A key that lost its value is a slip in the caller; its text is still worth having.
            Object key = paired ? keyValues[2 * i] : "extra";
            Object value = paired ? keyValues[2 * i + 1] : keyValues[2 * i];
            fields.add(new LogLine.Field(text(key), text(value), literal(value)));
        }
        return List.copyOf(fields);
    }

    static String text(Object value) {
        try {
            return cut(String.valueOf(value));
        } catch (RuntimeException e) {
            return "(no text: " + e.getClass().getName() + ")";
        }
    }

    static String cut(String text) {
        if (text == null) {
            return "null";
        }
        if (text.length() <= LogLine.VALUE_MAX_CHARS) {
            return text;
        }
        int end = LogLine.VALUE_MAX_CHARS;
        if (Character.isHighSurrogate(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(0, end) + "...(" + (text.length() - end) + " more)";
    }

    private static boolean literal(Object value) {
        return switch (value) {
            case null -> true;
            case Boolean ignored -> true;
            case Integer ignored -> true;
            case Long number -> number >= -EXACT_MAX && number <= EXACT_MAX;
            default -> false;
        };
    }
}
