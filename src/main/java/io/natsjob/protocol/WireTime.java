package io.natsjob.protocol;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * Times as workers see them: {@code yyyy-MM-dd HH:mm:ss.SSS} in the server's zone. A local time that occurs twice is read as
 * the first one. Safe for all threads.
 */
public final class WireTime {
    private static final DateTimeFormatter SECOND = format("uuuu-MM-dd HH:mm:ss.");
    private static final DateTimeFormatter FULL = format("uuuu-MM-dd HH:mm:ss.SSS");
    private final ZoneId zone;
    /** The second formatted last: most messages of a tick share it. Replaced as a whole, so a race costs a formatting only. */
    private volatile Formatted last = new Formatted(Long.MIN_VALUE, "");

    private record Formatted(long second, String text) {}

    public WireTime(ZoneId zone) {
        this.zone = zone;
    }

    /** @param epochMs between the years 0001 and 9999 */
    public String text(long epochMs) {
        long second = Math.floorDiv(epochMs, 1_000L);
        Formatted formatted = last;
        if (formatted.second != second) {
            formatted = new Formatted(second, SECOND.format(Instant.ofEpochSecond(second).atZone(zone)));
            last = formatted;
        }
        int millis = Math.floorMod(epochMs, 1_000);
        return formatted.text + (char) ('0' + millis / 100) + (char) ('0' + millis / 10 % 10) + (char) ('0' + millis % 10);
    }

    /** Epoch milliseconds, or nothing where {@code text} is not of this form. */
    public OptionalLong parse(String text) {
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(LocalDateTime.parse(text, FULL).atZone(zone).toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            // the form is checked by trying: no second grammar that could disagree
            return OptionalLong.empty();
        }
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }
}
