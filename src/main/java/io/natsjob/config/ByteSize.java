package io.natsjob.config;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A size in bytes, plain or with a unit: {@code KB, MB, GB, TB} are powers of 1,000, {@code KiB} ... {@code TiB} powers of 1,024. */
final class ByteSize {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]{0,3})");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L, "b", 1L,
            "kb", 1_000L, "mb", 1_000_000L, "gb", 1_000_000_000L, "tb", 1_000_000_000_000L,
            "kib", 1L << 10, "mib", 1L << 20, "gib", 1L << 30, "tib", 1L << 40);

    private ByteSize() {}

    static Form<Long> form(long min, long max) {
        String words = "bytes " + min + ".." + max + ", plain or with KB, MB, GB, TB (1000) or KiB, MiB, GiB, TiB (1024)";
        return new Form<>(words, text -> parse(text, min, max), text -> text, true);
    }

    private static long parse(String text, long min, long max) throws BadValue {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new BadValue("not a size");
        }
        Long unit = UNITS.get(matcher.group(2).toLowerCase(Locale.ROOT));
        if (unit == null) {
            throw new BadValue("unknown unit");
        }
        long number = Long.parseLong(matcher.group(1));
        if (number > max / unit || number * unit < min) {
            throw new BadValue("out of bounds");
        }
        return number * unit;
    }
}
