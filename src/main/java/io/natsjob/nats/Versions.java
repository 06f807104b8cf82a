package io.natsjob.nats;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares versions of nats-server such as {@code 2.10.27} or {@code 2.11.0-RC.1}. */
final class Versions {
    private static final Pattern FORM = Pattern.compile("v?(\\d{1,6})\\.(\\d{1,6})\\.(\\d{1,6})(?:\\D.*)?");

    private Versions() {}

    /** Whether {@code version} is older than the given one; a text that is no version is taken to be new. */
    static boolean older(String version, int major, int minor, int patch) {
        Matcher parts = FORM.matcher(version == null ? "" : version);
        return parts.matches() && key(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)), Integer.parseInt(parts.group(3))) < key(major, minor, patch);
    }

    private static long key(long major, long minor, long patch) {
        return (major * 1_000_000 + minor) * 1_000_000 + patch;
    }
}
