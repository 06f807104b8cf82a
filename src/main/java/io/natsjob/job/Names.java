package io.natsjob.job;

import java.util.regex.Pattern;

/** What may be the name of a namespace, an app or a job: one NATS token, the same in a subject, a key and the page. */
public final class Names {
    /** Characters. */
    public static final int MAX_LENGTH = 64;
    public static final String FORM = "letters and digits, with single hyphens between them, 1 to 64 characters";
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9]+(-[a-zA-Z0-9]+)*");

    private Names() {}

    public static boolean valid(String name) {
        return name != null && name.length() <= MAX_LENGTH && NAME.matcher(name).matches();
    }
}
