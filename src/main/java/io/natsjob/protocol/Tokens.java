package io.natsjob.protocol;

import io.natsjob.job.Names;
import io.natsjob.job.RunNames;
import java.util.Optional;
import java.util.OptionalLong;

/** The dot-separated parts of subjects and keys. */
final class Tokens {
    /** Characters of a worker id. */
    private static final int MAX_WORKER_ID = 64;
    /** Digits of the largest id. */
    private static final int MAX_ID_DIGITS = 19;
    /** Characters: no valid subject or key of ours is longer, so a longer one is not even split. */
    private static final int MAX_TEXT = 512;

    private Tokens() {}

    /** The parts, empty ones included; none where the text is absent or longer than any of ours. */
    static String[] split(String text) {
        return text == null || text.length() > MAX_TEXT ? new String[0] : text.split("\\.", -1);
    }

    /** Namespace, app and job at {@code from} and the two parts after it, or nothing where one is not a name. */
    static Optional<RunNames> names(String[] parts, int from) {
        for (int i = from; i < from + 3; i++) {
            if (!Names.valid(parts[i])) {
                return Optional.empty();
            }
        }
        return Optional.of(new RunNames(parts[from], parts[from + 1], parts[from + 2]));
    }

    static String text(RunNames names) {
        return names.namespace() + "." + names.app() + "." + names.job();
    }

    static RunNames checked(RunNames names) {
        if (!Names.valid(names.namespace()) || !Names.valid(names.app()) || !Names.valid(names.job())) {
            throw new IllegalArgumentException("names " + names + ": each must be " + Names.FORM);
        }
        return names;
    }

    /** A positive 64-bit integer in its only form: digits, no sign, no leading zero. */
    static OptionalLong id(String text) {
        int length = text.length();
        if (length == 0 || length > MAX_ID_DIGITS || text.charAt(0) == '0') {
            return OptionalLong.empty();
        }
        long value = 0;
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return OptionalLong.empty();
            }
            value = value * 10 + (c - '0');
        }
        // 19 digits overflow at most once, into the negative
        return value > 0 ? OptionalLong.of(value) : OptionalLong.empty();
    }

    static long checkedId(long id, String field) {
        if (id <= 0) {
            throw new IllegalArgumentException(field + " " + id + ": must be positive");
        }
        return id;
    }

    /** One NATS token, 1 to 64 characters: no dot, star, greater-than, white space or control character. */
    static boolean workerId(String id) {
        return id != null && !id.isEmpty() && id.length() <= MAX_WORKER_ID
                && id.chars().noneMatch(c -> c == '.' || c == '*' || c == '>' || c <= ' ' || c == 0x7F || Character.isWhitespace(c));
    }
}
