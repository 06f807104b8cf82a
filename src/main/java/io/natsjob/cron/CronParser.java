package io.natsjob.cron;

import java.time.ZoneId;
import java.util.Map;
import java.util.Objects;

/**
 * Reads a whole expression: zone prefix, then a descriptor, an {@code @every}, or six fields. Exactly the grammar of robfig/cron v3
 * with seconds, plus the duration unit {@code d} (docs/cron.md).
 */
final class CronParser {
    private static final String EVERY = "@every ";
    private static final Map<String, String> DESCRIPTORS = Map.of(
            "@yearly", "0 0 0 1 1 *",
            "@annually", "0 0 0 1 1 *",
            "@monthly", "0 0 0 1 * *",
            "@weekly", "0 0 0 * * 0",
            "@daily", "0 0 0 * * *",
            "@midnight", "0 0 0 * * *",
            "@hourly", "0 0 * * * *");
    private static final Field[] FIELDS = Field.values();
    private static final String SIX_FIELDS = "six fields (second minute hour day-of-month month day-of-week)";

    private final String text;
    private final ZoneId local;

    CronParser(String text, ZoneId local) {
        this.text = Objects.requireNonNull(text, "text");
        this.local = Objects.requireNonNull(local, "zone");
    }

    Schedule parse() throws CronException {
        ZoneId zone = local;
        int from = 0;
        int to = text.length();
        if (text.startsWith("TZ=") || text.startsWith("CRON_TZ=")) {
            int name = text.indexOf('=') + 1;
            int space = text.indexOf(' ', name);
            if (space < 0) {
                throw CronException.at(text, to, to, "a space and an expression after the time zone");
            }
            zone = Zones.at(text, name, space, local);
            from = skipSpace(space);
            // only a text with a zone prefix is trimmed: robfig refuses "@daily " but takes "TZ=UTC @daily "
            while (to > from && isSpace(text.charAt(to - 1))) {
                to--;
            }
        }
        if (from < to && text.charAt(from) == '@') {
            return descriptor(from, to, zone);
        }
        return sixFields(from, zone);
    }

    private Schedule descriptor(int from, int to, ZoneId zone) throws CronException {
        if (text.startsWith(EVERY, from)) {
            long nanos = new GoDuration(text, from + EVERY.length(), to).parseNanos();
            return EverySchedule.ofNanos(nanos);
        }
        String fields = DESCRIPTORS.get(text.substring(from, to));
        if (fields == null) {
            throw CronException.at(text, from, to,
                    "@yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly or @every <duration>");
        }
        return new CronParser(fields, zone).sixFields(0, zone);
    }

    private Schedule sixFields(int start, ZoneId zone) throws CronException {
        requireSix(start);
        long[] bits = new long[FIELDS.length];
        int from = skipSpace(start);
        for (int i = 0; i < bits.length; i++) {
            int to = skipField(from);
            bits[i] = new FieldParser(text, FIELDS[i]).parse(from, to);
            from = skipSpace(to);
        }
        return new CalendarSchedule(CalendarFields.of(bits), zone);
    }

    private void requireSix(int start) throws CronException {
        int count = 0;
        int seventh = text.length();
        for (int from = skipSpace(start); from < text.length(); from = skipSpace(skipField(from))) {
            if (count == FIELDS.length) {
                seventh = from;
            }
            count++;
        }
        if (count != FIELDS.length) {
            String found = count == 1 ? "1 field" : count + " fields";
            throw CronException.described(SIX_FIELDS, found, seventh);
        }
    }

    private int skipSpace(int from) {
        int i = from;
        while (i < text.length() && isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    private int skipField(int from) {
        int i = from;
        while (i < text.length() && !isSpace(text.charAt(i))) {
            i++;
        }
        return i;
    }

    /** Unicode White_Space, as Go splits. The JDK's own tests take other sets (U+001C, no U+00A0). */
    private static boolean isSpace(char c) {
        return switch (c) {
            case '\t', '\n', '\u000b', '\f', '\r', ' ', '\u0085', '\u00a0', '\u1680', '\u2028', '\u2029', '\u202f', '\u205f',
                    '\u3000' -> true;
            default -> c >= '\u2000' && c <= '\u200a';
        };
    }
}
