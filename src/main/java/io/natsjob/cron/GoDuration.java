package io.natsjob.cron;

/**
 * Reads a duration as Go's time.ParseDuration does, digit for digit: {@code 1h30m}, {@code 1.5h}, {@code -300ms}, {@code 0}. Ours in
 * addition: {@code d}, 24 hours. Magnitudes are unsigned 64-bit nanoseconds up to 2^63, as in Go.
 */
final class GoDuration {
    /** 2^63 as an unsigned number. */
    private static final long LIMIT = Long.MIN_VALUE;
    private static final String TOO_LONG = "at most 2562047h47m16.854775807s";

    private final String text;
    private final int start;
    private final int end;
    private int at;
    private long whole;
    private long fraction;
    private double fractionScale;

    /** The duration is the piece {@code from} (inclusive) to {@code to} (exclusive) of the text. */
    GoDuration(String text, int from, int to) {
        this.text = text;
        this.start = from;
        this.end = to;
        this.at = from;
    }

    /** Nanoseconds, signed. */
    long parseNanos() throws CronException {
        boolean negative = at < end && text.charAt(at) == '-';
        if (at < end && (negative || text.charAt(at) == '+')) {
            at++;
        }
        if (end - at == 1 && text.charAt(at) == '0') {
            return 0;
        }
        long total = 0;
        do {
            total += part();
            if (Long.compareUnsigned(total, LIMIT) > 0) {
                throw tooLong();
            }
        } while (at < end);
        if (negative) {
            return -total;
        }
        if (total == LIMIT) {
            throw tooLong();
        }
        return total;
    }

    /** One number with its unit, in nanoseconds. */
    private long part() throws CronException {
        int from = at;
        wholeDigits();
        boolean digits = at > from;
        fraction = 0;
        fractionScale = 1;
        if (at < end && text.charAt(at) == '.') {
            at++;
            int point = at;
            fractionDigits();
            digits |= at > point;
        }
        if (!digits) {
            throw CronException.at(text, from, end, "a duration such as 90s, 1h30m or 1d");
        }
        long unit = unit();
        if (Long.compareUnsigned(whole, Long.divideUnsigned(LIMIT, unit)) > 0) {
            throw tooLong();
        }
        long nanos = whole * unit;
        if (fraction != 0) {
            // through a double, with its rounding, as Go does: 1.9999999999999999999s is 2 s
            nanos += (long) (fractionValue() * (unit / fractionScale));
            if (Long.compareUnsigned(nanos, LIMIT) > 0) {
                throw tooLong();
            }
        }
        return nanos;
    }

    private void wholeDigits() throws CronException {
        whole = 0;
        for (; at < end && isDigit(text.charAt(at)); at++) {
            if (Long.compareUnsigned(whole, Long.divideUnsigned(LIMIT, 10)) > 0) {
                throw tooLong();
            }
            whole = whole * 10 + (text.charAt(at) - '0');
            if (Long.compareUnsigned(whole, LIMIT) > 0) {
                throw tooLong();
            }
        }
    }

    /** Digits beyond 63 bits are passed over. */
    private void fractionDigits() {
        boolean full = false;
        for (; at < end && isDigit(text.charAt(at)); at++) {
            if (full) {
                continue;
            }
            long longer = fraction * 10 + (text.charAt(at) - '0');
            full = fraction < 0 || fraction > Long.MAX_VALUE / 10 || Long.compareUnsigned(longer, LIMIT) > 0;
            if (!full) {
                fraction = longer;
                fractionScale *= 10;
            }
        }
    }

    private double fractionValue() {
        return fraction == LIMIT ? 0x1p63 : (double) fraction;
    }

    private long unit() throws CronException {
        int from = at;
        while (at < end && text.charAt(at) != '.' && !isDigit(text.charAt(at))) {
            at++;
        }
        return switch (text.substring(from, at)) {
            case "ns" -> 1L;
            case "us", "\u00b5s", "\u03bcs" -> 1_000L;
            case "ms" -> 1_000_000L;
            case "s" -> 1_000_000_000L;
            case "m" -> 60_000_000_000L;
            case "h" -> 3_600_000_000_000L;
            case "d" -> 86_400_000_000_000L;
            default -> throw CronException.at(text, from, at, "a unit ns, us, ms, s, m, h or d");
        };
    }

    private CronException tooLong() {
        return CronException.at(text, start, end, TOO_LONG);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
