package io.natsjob.log;

/**
 * Makes text harmless in a log line: control characters, line separators, lone surrogates and the marks that reverse the
 * direction of writing come out as {@code \n}, {@code \}{@code u001b} and the like, so a value can neither start a line nor steer a terminal.
 */
final class Escape {
    private static final String HEX = "0123456789abcdef";

    private Escape() {}

    /** Text without quotes. */
    static void text(String text, StringBuilder out) {
        run(text, "", out);
    }

    /** A value of the text form: in quotes where it is empty or holds a blank, quote, backslash, equals sign or anything escaped. */
    static void value(String text, StringBuilder out) {
        if (plain(text)) {
            out.append(text);
        } else {
            json(text, out);
        }
    }

    /** A JSON string, quotes included. */
    static void json(String text, StringBuilder out) {
        out.append('"');
        run(text, "\"\\", out);
        out.append('"');
    }

    private static boolean plain(String text) {
        if (text.isEmpty()) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (" \"\\=".indexOf(c) >= 0 || harmful(text, i)) {
                return false;
            }
        }
        return true;
    }

    private static void run(String text, String backslashed, StringBuilder out) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (backslashed.indexOf(c) >= 0) {
                out.append('\\').append(c);
            } else if (!harmful(text, i)) {
                out.append(c);
            } else {
                escaped(c, out);
            }
        }
    }

    private static void escaped(char c, StringBuilder out) {
        switch (c) {
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) {
                    out.append(HEX.charAt(c >> shift & 0xf));
                }
            }
        }
    }

    private static boolean harmful(String text, int index) {
        char c = text.charAt(index);
        if (c >= ' ' && c < 0x7f) {
            return false;
        }
        if (Character.isHighSurrogate(c)) {
            return index + 1 == text.length() || !Character.isLowSurrogate(text.charAt(index + 1));
        }
        if (Character.isLowSurrogate(c)) {
            return index == 0 || !Character.isHighSurrogate(text.charAt(index - 1));
        }
        boolean turnsDirection = c == 0x200e || c == 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2066 && c <= 0x2069;
        return Character.isISOControl(c) || c == 0x2028 || c == 0x2029 || turnsDirection;
    }
}
