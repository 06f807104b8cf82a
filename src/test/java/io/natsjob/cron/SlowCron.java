package io.natsjob.cron;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Locale;

/**
 * The definition of a fire, word for word and with no thought of speed: an instant whose local time by java.time matches the fields.
 * An independent witness: shares no code with the package, and knows the grammar only as far as the tests that use it need.
 */
final class SlowCron {
    private static final String[] MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
    private static final String[] DAYS = "sun mon tue wed thu fri sat".split(" ");
    private static final int[] MIN = {0, 0, 0, 1, 1, 0};
    private static final int[] MAX = {59, 59, 23, 31, 12, 6};

    private final BitSet[] values = new BitSet[6];
    private final boolean star;
    private final ZoneId zone;

    /** Six fields, separated by white space; valid ones only. */
    SlowCron(String fields, ZoneId zone) {
        String[] texts = fields.strip().toLowerCase(Locale.ROOT).split("\\s+");
        if (texts.length != 6) {
            throw new IllegalArgumentException("not six fields: " + fields);
        }
        for (int i = 0; i < 6; i++) {
            values[i] = values(texts[i], i);
        }
        this.star = hasStar(texts[3]) || hasStar(texts[5]);
        this.zone = zone;
    }

    boolean matches(long epochSecond) {
        return matches(LocalDateTime.ofInstant(Instant.ofEpochSecond(epochSecond), zone));
    }

    boolean matches(LocalDateTime local) {
        boolean day = values[3].get(local.getDayOfMonth());
        boolean weekday = values[5].get(local.getDayOfWeek().getValue() % 7);
        return values[0].get(local.getSecond()) && values[1].get(local.getMinute()) && values[2].get(local.getHour())
                && values[4].get(local.getMonthValue()) && (star ? day && weekday : day || weekday);
    }

    private static BitSet values(String field, int index) {
        BitSet set = new BitSet();
        for (String item : field.split(",")) {
            if (item.isEmpty()) {
                continue;
            }
            String[] parts = item.split("/");
            String[] range = parts[0].split("-");
            boolean all = range[0].equals("*") || range[0].equals("?");
            int low = all ? MIN[index] : value(range[0], index);
            int high = all || parts.length > 1 && range.length == 1 ? MAX[index] : value(range[range.length - 1], index);
            long step = parts.length > 1 ? Long.parseLong(parts[1]) : 1;
            for (int v = low; v <= high; v++) {
                if ((v - low) % step == 0) {
                    set.set(v);
                }
            }
        }
        return set;
    }

    private static int value(String text, int index) {
        int month = Arrays.asList(MONTHS).indexOf(text);
        int day = Arrays.asList(DAYS).indexOf(text);
        if (index == 4 && month >= 0) {
            return month + 1;
        }
        return index == 5 && day >= 0 ? day : Integer.parseInt(text);
    }

    private static boolean hasStar(String field) {
        return Arrays.stream(field.split(",")).anyMatch(item -> item.matches("[*?](-[^/]*)?(/\\+?0*1)?"));
    }
}
