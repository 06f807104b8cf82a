package io.natsjob;

import java.util.ArrayList;
import java.util.List;

/** What an import did, or would do: a line for each namespace, app and job, then the sums. At most {@value #MAX_LINES} lines are kept, more are counted. */
final class ImportReport {
    static final int MAX_LINES = 5_000;
    private static final int SHOWN_MAX_CHARS = 100;

    private final List<String> lines = new ArrayList<>();
    private int leftOut;
    private int namespaces;
    private int apps;
    private int enabled;
    private int disabled;
    private int refused;
    private int deleted;

    void namespace(String name, boolean merged) {
        namespaces++;
        add("namespace " + shown(name) + (merged ? ": merged with the one that is there" : ": imported"));
    }

    void app(String path, boolean merged) {
        apps++;
        add("app " + shown(path) + (merged ? ": merged with the one that is there" : ": imported"));
    }

    void job(String path, JobConversion job) {
        if (job.spec().enabled()) {
            enabled++;
        } else {
            disabled++;
        }
        add("job " + shown(path) + ": imported, " + job.told());
    }

    /** @param what the kind and the path, such as {@code job a/b/c} */
    void refused(String what, String why) {
        refused++;
        add(shown(what) + ": NOT imported: " + why);
    }

    void deleted() {
        deleted++;
    }

    /** Complete only when the import is over. */
    List<String> lines() {
        List<String> all = new ArrayList<>(lines);
        if (leftOut > 0) {
            all.add("and " + leftOut + " more lines");
        }
        all.add("in all: " + namespaces + " namespaces, " + apps + " apps, " + (enabled + disabled) + " jobs (" + enabled + " enabled, " + disabled
                + " disabled); not imported: " + refused + " refused, " + deleted + " deleted (themselves, or their app or namespace), all results");
        return all;
    }

    private void add(String line) {
        if (lines.size() < MAX_LINES) {
            lines.add(line);
        } else {
            leftOut++;
        }
    }

    /** Text of the original's on one line, cut short. */
    static String shown(String text) {
        if (text == null) {
            return "(none)";
        }
        String plain = text.codePoints().limit(SHOWN_MAX_CHARS).map(c -> Character.isISOControl(c) || c >= 0xD800 && c <= 0xDFFF ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return text.codePointCount(0, text.length()) > SHOWN_MAX_CHARS ? plain + "..." : plain.isEmpty() ? "(empty)" : plain;
    }
}
