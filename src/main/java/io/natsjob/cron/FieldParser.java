package io.natsjob.cron;

/**
 * Reads one field into a bit set: bit n is set when the value n matches, and {@link #STAR} when the field counts as a star in the
 * rule about day-of-month and day-of-week. The grammar is robfig/cron's with all its corners (docs/cron.md).
 */
final class FieldParser {
    /** An item of the field is {@code *} or {@code ?} with no step or a step of 1. No value is as large as this bit. */
    static final long STAR = 1L << 63;

    private final String text;
    private final Field field;

    FieldParser(String text, Field field) {
        this.text = text;
        this.field = field;
    }

    /** The field at {@code from} (inclusive) to {@code to} (exclusive). Empty items vanish, so {@code ,} is the empty set. */
    long parse(int from, int to) throws CronException {
        long bits = 0;
        int start = from;
        while (start < to) {
            int comma = find(',', start, to);
            if (comma > start) {
                bits |= item(start, comma);
            }
            start = comma + 1;
        }
        return bits;
    }

    private long item(int from, int to) throws CronException {
        int slash = find('/', from, to);
        int hyphen = find('-', from, slash);
        long step = slash < to ? step(slash + 1, to) : 1;
        if (isStar(from, hyphen)) {
            // robfig does not look at what follows the hyphen of a star
            return bits(field.min, field.max, step) | (step == 1 ? STAR : 0);
        }
        int low = value(from, hyphen, slash);
        int high = low;
        if (hyphen < slash) {
            high = value(hyphen + 1, slash, slash);
        } else if (slash < to) {
            high = field.max;
        }
        if (low > high) {
            throw CronException.at(text, from, slash, field.label + " range that does not run backwards");
        }
        return bits(low, high, step);
    }

    private boolean isStar(int from, int to) {
        return to - from == 1 && (text.charAt(from) == '*' || text.charAt(from) == '?');
    }

    private static long bits(int low, int high, long step) {
        long bits = 0;
        for (long value = low; value <= high; value += Math.min(step, Long.SIZE)) {
            bits |= 1L << value;
        }
        return bits;
    }

    /** A number or name within the bounds. {@code itemEnd} only widens what an error shows when the value is empty. */
    private int value(int from, int to, int itemEnd) throws CronException {
        int named = name(from, to);
        if (named >= 0) {
            return named;
        }
        int digits = from < to && text.charAt(from) == '+' ? from + 1 : from;
        long number = number(digits, to);
        if (number < field.min || number > field.max) {
            throw CronException.at(text, from, from == to ? itemEnd : to, field.allowed());
        }
        return (int) number;
    }

    private int name(int from, int to) {
        if (to - from != 3 || field.names.isEmpty()) {
            return -1;
        }
        // not String.toLowerCase, which makes two characters of U+0130: the original goes character by character
        StringBuilder lower = new StringBuilder(3);
        for (int i = from; i < to; i++) {
            lower.append(Character.toLowerCase(text.charAt(i)));
        }
        int index = field.names.indexOf(lower.toString());
        return index < 0 ? -1 : index + field.min;
    }

    private long step(int from, int to) throws CronException {
        int digits = from < to && text.charAt(from) == '+' ? from + 1 : from;
        long step = number(digits, to);
        if (step < 1) {
            throw CronException.at(text, from, to, field.label + " step of 1 or more");
        }
        return step;
    }

    /** ASCII digits as a number of 63 bits, or -1 when they are none or too large. */
    private long number(int from, int to) {
        long number = from < to ? 0 : -1;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || number > (Long.MAX_VALUE - digit) / 10) {
                return -1;
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private int find(char wanted, int from, int to) {
        int index = text.indexOf(wanted, from, to);
        return index < 0 ? to : index;
    }
}
