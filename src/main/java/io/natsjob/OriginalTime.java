package io.natsjob;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Times as the original's databases give them as text: {@code 2026-11-22 15:24:28.425435866+00:00}, also with {@code T}, with a
 * blank before the offset, with {@code Z}, or without an offset (MySQL), which then means a zone that is known otherwise. Kept to the millisecond.
 */
final class OriginalTime {
    private static final Pattern FORM = Pattern.compile(
            "(\\d{4})-(\\d\\d)-(\\d\\d)[ T](\\d\\d):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,9}))? ?(Z|UTC|[+-]\\d\\d(?::?\\d\\d(?::?\\d\\d)?)?)?(?: [A-Z]{2,5})?");
    private static final int NANO_DIGITS = 9;

    private OriginalTime() {}

    /**
     * Epoch milliseconds; null for none: NULL, empty, or the year 0 or 1, which is how the original writes "not set".
     *
     * @throws DateTimeException when the text is no such time
     */
    static Long parse(String text, ZoneId zone) {
        if (text == null || text.isBlank()) {
            return null;
        }
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new DateTimeException("no time");
        }
        if (form.group(1).equals("0000") || form.group(1).equals("0001")) {
            return null;
        }
        String digits = form.group(7) == null ? "0" : form.group(7);
        int nanos = Integer.parseInt(digits + "0".repeat(NANO_DIGITS - digits.length()));
        LocalDateTime local = LocalDateTime.of(number(form, 1), number(form, 2), number(form, 3), number(form, 4), number(form, 5), number(form, 6), nanos);
        return local.atZone(form.group(8) == null ? zone : offset(form.group(8))).toInstant().toEpochMilli();
    }

    private static int number(Matcher form, int group) {
        return Integer.parseInt(form.group(group));
    }

    private static ZoneId offset(String text) {
        return text.toUpperCase(Locale.ROOT).matches("Z|UTC") ? ZoneOffset.UTC : ZoneOffset.of(text);
    }
}
