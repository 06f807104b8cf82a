package io.natsjob.job;

/** Text from outside on its way into the database. */
public final class Texts {
    private Texts() {}

    /**
     * Cut to {@code max} Unicode code points, with U+0000 and lone surrogates replaced by U+FFFD: PostgreSQL refuses them
     * (docs/rules.md 28). Null becomes the empty text.
     */
    public static String kept(String text, int max) {
        if (text == null || text.isEmpty()) {
            return "";
        }
        StringBuilder out = new StringBuilder(Math.min(text.length(), 2 * max));
        text.codePoints().limit(max).forEach(c -> out.appendCodePoint(c == 0 || c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return out.toString();
    }
}
