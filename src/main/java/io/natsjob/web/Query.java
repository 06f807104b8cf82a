package io.natsjob.web;

import io.natsjob.job.Word;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of a query. An empty value counts as not given, as forms send it. Faults are gathered until {@link #check}. */
final class Query {
    static final int MAX_TEXT = 256;

    private final Map<String, String> values = new HashMap<>();
    private final FieldErrors errors = new FieldErrors();

    private Query() {}

    static Query parse(String raw, Set<String> known) {
        Query query = new Query();
        if (raw != null) {
            for (String pair : raw.split("&")) {
                query.take(pair, known);
            }
        }
        return query;
    }

    private void take(String pair, Set<String> known) {
        int equals = pair.indexOf('=');
        String name = decode(equals < 0 ? pair : pair.substring(0, equals));
        String value = equals < 0 ? "" : decode(pair.substring(equals + 1));
        if (name.isEmpty()) {
            return;
        }
        if (!known.contains(name)) {
            errors.add(Shown.cut(name), FieldError.UNKNOWN, "unknown query parameter; known here: "
                    + (known.isEmpty() ? "none" : known.stream().sorted().collect(Collectors.joining(", "))));
        } else if (!value.isEmpty() && values.put(name, value) != null) {
            errors.invalid(name, "given twice");
        }
    }

    /** The URI was accepted by the parser of the JDK, so escapes are complete. */
    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    FieldErrors errors() {
        return errors;
    }

    /** Refuses the request where a parameter was wrong. */
    void check() {
        errors.refuseIfAny();
    }

    /** The text, or null. */
    String text(String name) {
        return text(name, MAX_TEXT);
    }

    /** The text of up to {@code max} characters, or null. */
    String text(String name, int max) {
        String value = values.get(name);
        if (value != null && value.codePointCount(0, value.length()) > max) {
            errors.invalid(name, "longer than " + max + " characters");
            return null;
        }
        if (value != null && Fields.unstorable(value)) {
            errors.invalid(name, Fields.UNSTORABLE);
            return null;
        }
        return value;
    }

    /** The whole number, or null. */
    Long number(String name, long min, long max) {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        try {
            long number = Long.parseLong(value);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // the message below says what a number is
        }
        errors.invalid(name, "expected a whole number from " + min + " to " + max + ", found " + Shown.text(value));
        return null;
    }

    /** Epoch milliseconds, or null. */
    Long millis(String name) {
        return number(name, 0, Fields.MAX_MILLIS);
    }

    /** {@code true}, {@code false}, or null. */
    Boolean flag(String name) {
        String value = values.get(name);
        if (value == null || value.equals("true") || value.equals("false")) {
            return value == null ? null : Boolean.valueOf(value);
        }
        errors.invalid(name, "expected true or false, found " + Shown.text(value));
        return null;
    }

    /** The constant, or null. */
    <E extends Enum<E> & Word> E word(Class<E> type, String name) {
        String value = values.get(name);
        if (value == null) {
            return null;
        }
        E found = Word.find(type, value).orElse(null);
        if (found == null) {
            errors.invalid(name, "expected one of " + Word.all(type) + ", found " + Shown.text(value));
        }
        return found;
    }
}
