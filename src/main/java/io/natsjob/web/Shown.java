package io.natsjob.web;

/** A value of a request as it stands in a message: quoted, at most {@value #MAX} characters, control characters replaced. */
final class Shown {
    static final int MAX = 60;

    private Shown() {}

    static String text(String value) {
        return '"' + cut(value) + '"';
    }

    /** The same without quotes, for values that bring their own. */
    static String cut(String value) {
        StringBuilder out = new StringBuilder();
        value.codePoints().limit(MAX)
                .forEach(c -> out.appendCodePoint(Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c));
        return value.codePointCount(0, value.length()) > MAX ? out + "..." : out.toString();
    }
}
