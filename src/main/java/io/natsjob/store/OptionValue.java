package io.natsjob.store;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The forms of options' values: each turns a text into what the driver takes, or into null where it is not allowed. */
final class OptionValue {
    static final String BOOL_WORDS = "true, false";
    static final int CONNECT_SECONDS_MAX = 60;
    static final String CONNECT_SECONDS_WORDS = "whole seconds 1.." + CONNECT_SECONDS_MAX;
    static final String CONNECT_MILLIS_WORDS = "milliseconds 1.." + CONNECT_SECONDS_MAX * 1_000;
    private static final int MILLIS_PER_SECOND = 1_000;
    private static final Pattern GO_DURATION_PART = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?)(ms|s|m|h)");

    private OptionValue() {}

    static UnaryOperator<String> oneOf(Map<String, String> words) {
        return text -> words.get(text.toLowerCase(Locale.ROOT));
    }

    static UnaryOperator<String> matching(String pattern) {
        return text -> text.matches(pattern) ? text : null;
    }

    static String bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "1" -> "true";
            case "false", "0" -> "false";
            default -> null;
        };
    }

    /** Seconds within the limit of a connect. */
    static String connectSeconds(String text) {
        return within(text, 1, CONNECT_SECONDS_MAX);
    }

    /** Milliseconds within the limit of a connect. */
    static String connectMillis(String text) {
        return within(text, 1, CONNECT_SECONDS_MAX * MILLIS_PER_SECOND);
    }

    /** A duration as Go writes it, such as {@code 10s} or {@code 1m30s}, in milliseconds within the limit of a connect. */
    static String goDuration(String text) {
        Matcher part = GO_DURATION_PART.matcher(text);
        BigDecimal millis = BigDecimal.ZERO;
        int end = 0;
        while (end < text.length() && part.find(end) && part.start() == end) {
            int unit = switch (part.group(2)) {
                case "ms" -> 1;
                case "s" -> MILLIS_PER_SECOND;
                case "m" -> 60 * MILLIS_PER_SECOND;
                default -> 3_600 * MILLIS_PER_SECOND;
            };
            millis = millis.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
            end = part.end();
        }
        return end == text.length() ? connectMillis(millis.setScale(0, RoundingMode.UP).toPlainString()) : null;
    }

    private static String within(String text, int min, int max) {
        if (!text.matches("[0-9]{1,9}")) {
            return null;
        }
        int number = Integer.parseInt(text);
        return number >= min && number <= max ? Integer.toString(number) : null;
    }
}
