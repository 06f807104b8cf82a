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
    private static final DateTimeFormatter BARE = format("uuuu-MM-dd HH:mm:ss");
    private static final DateTimeFormatter MICROS = format("uuuu-MM-dd HH:mm:ss.SSSSSS");
    /** Characters of {@link #BARE}. */
    private static final int TO_SECONDS = 19;
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

    /** As {@link #text}, without the milliseconds: the original's form in monitor messages of steps. */
    public String seconds(long epochMs) {
        return text(epochMs).substring(0, TO_SECONDS);
    }

    /** Epoch milliseconds, or nothing where {@code text} is not of this form. */
    public OptionalLong parse(String text) {
        return parse(text, FULL);
    }

    /**
     * Epoch milliseconds of a time as workers write it in a step: this form, the same without milliseconds or with microseconds, or
     * 13 digits of epoch milliseconds; nothing for any other text.
     */
    public OptionalLong parseAny(String text) {
        return switch (text == null ? 0 : text.length()) {
            case 13 -> Tokens.id(text);
            case TO_SECONDS -> parse(text, BARE);
            case 23 -> parse(text, FULL);
            case 26 -> parse(text, MICROS);
            default -> OptionalLong.empty();
        };
    }

    private OptionalLong parse(String text, DateTimeFormatter form) {
        if (text == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(LocalDateTime.parse(text, form).atZone(zone).toInstant().toEpochMilli());
        } catch (DateTimeException e) {
            // the form is checked by trying: no second grammar that could disagree
            return OptionalLong.empty();
        }
    }

    private static DateTimeFormatter format(String pattern) {
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT).withResolverStyle(ResolverStyle.STRICT);
    }
}
