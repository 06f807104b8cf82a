package io.natsjob.cron;

/**
 * A text that is no schedule or no zone name. The message is made for the person who wrote the text:
 * {@code expected second 0-59, found "61" at position 0}. It has no stack trace: bad input is ordinary.
 */
public final class CronException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int FOUND_MAX_CHARS = 40;

    private final int position;

    private CronException(String expected, String found, int position) {
        super("expected " + expected + ", found " + found + " at position " + position, null, false, false);
        this.position = position;
    }

    /** Where reading failed: a UTF-16 index into the text, counted from 0; the text's length when more was expected. */
    public int position() {
        return position;
    }

    /** What was found is described in words. */
    static CronException described(String expected, String found, int position) {
        return new CronException(expected, found, position);
    }

    /** What was found is the piece {@code from} (inclusive) to {@code to} (exclusive) of the text. */
    static CronException at(String text, int from, int to, String expected) {
        if (from < to) {
            return new CronException(expected, quoted(text.substring(from, to)), from);
        }
        return new CronException(expected, from == text.length() ? "the end" : "nothing", from);
    }

    /** Cut short, and with invisible characters spelt out: they are often the very fault. */
    private static String quoted(String found) {
        StringBuilder out = new StringBuilder("\"");
        int[] shown = found.codePoints().limit(FOUND_MAX_CHARS).toArray();
        for (int c : shown) {
            if (visible(c)) {
                out.appendCodePoint(c);
            } else {
                out.append(String.format("\\u%04x", c));
            }
        }
        out.append('"');
        return found.codePointCount(0, found.length()) > shown.length ? out + "..." : out.toString();
    }

    private static boolean visible(int codePoint) {
        if (codePoint == ' ') {
            return true;
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED, Character.PRIVATE_USE,
                    Character.SPACE_SEPARATOR, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
