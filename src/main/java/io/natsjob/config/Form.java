package io.natsjob.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * The form that a setting's text must have.
 *
 * @param words the form in words, for help, documentation and error messages
 * @param reader text to value
 * @param mask what of a good text may be shown
 * @param openly whether a bad text may be shown as it is
 * @param <T> type of the value
 */
record Form<T>(String words, Reader<T> reader, UnaryOperator<String> mask, boolean openly) {
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%-]{1,255}");

    /** Text to value. */
    @FunctionalInterface
    interface Reader<T> {
        T read(String text) throws BadValue;
    }

    private static <T> Form<T> open(String words, Reader<T> reader) {
        return new Form<>(words, reader, text -> text, true);
    }

    /** A whole number within bounds, both included. */
    static Form<Integer> number(int min, int max, String unit) {
        String words = "whole number " + min + ".." + max + unit;
        return open(words, text -> {
            if (!text.matches("[0-9]{1,10}")) {
                throw new BadValue("not a whole number");
            }
            long number = Long.parseLong(text);
            if (number < min || number > max) {
                throw new BadValue("out of bounds");
            }
            return (int) number;
        });
    }

    /** One of some words, in any case; the value is in lower case. */
    static Form<String> oneOf(String... allowed) {
        List<String> words = List.of(allowed);
        return open(String.join("|", allowed), text -> {
            String lower = text.toLowerCase(Locale.ROOT);
            if (!words.contains(lower)) {
                throw new BadValue("unknown word");
            }
            return lower;
        });
    }

    static Form<Boolean> bool() {
        Form<String> words = oneOf("true", "false");
        return open(words.words(), text -> words.reader().read(text).equals("true"));
    }

    /** docs/protocol.md, Names. */
    static Form<String> name() {
        return matching("letters, digits and single inner hyphens, 1..64 characters", NAME, 64);
    }

    /** Not looked up: a name that does not resolve shows when the server listens. */
    static Form<String> host() {
        return matching("IP address or host name", HOST, 255);
    }

    private static Form<String> matching(String words, Pattern pattern, int maxChars) {
        return open(words, text -> {
            if (text.length() > maxChars || !pattern.matcher(text).matches()) {
                throw new BadValue("wrong characters or too long");
            }
            return text;
        });
    }

    /** Text that may be shown, without control characters. */
    static Form<String> text(int maxChars) {
        return open("text of 1.." + maxChars + " characters", text -> {
            if (text.length() > maxChars || text.chars().anyMatch(Character::isISOControl)) {
                throw new BadValue("control characters or too long");
            }
            return text;
        });
    }

    /** Text that is never shown, with a limit in characters. */
    static Form<Secret> secret(String words, int maxChars) {
        return new Form<>(words, text -> {
            if (text.length() > maxChars) {
                throw new BadValue("longer than " + maxChars + " characters");
            }
            return new Secret(text);
        }, text -> "***", false);
    }

    /** A folder or file, relative to the working directory; resolved by {@link Config}. */
    static Form<String> path() {
        return open("path, relative to the working directory or absolute", text -> {
            if (text.length() > 4096 || text.chars().anyMatch(Character::isISOControl)) {
                throw new BadValue("control characters or too long");
            }
            try {
                return Path.of(text).toString();
            } catch (InvalidPathException e) {
                throw new BadValue("not a path of this system");
            }
        });
    }
}
