package io.natsjob.scenario;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Prints what was expected and what was seen, line by line, and fails at the end if any line does not hold. */
final class Verdict {
    private final String name;
    private final List<String> failures = new ArrayList<>();
    private int checks;

    Verdict(String name) {
        this.name = name;
    }

    void equal(String what, Object expected, Object seen) {
        check(what, "expected " + expected, String.valueOf(seen), Objects.equals(String.valueOf(expected), String.valueOf(seen)));
    }

    void atMost(String what, double limit, double seen) {
        check(what, "expected at most " + limit, Double.toString(seen), seen <= limit);
    }

    void atLeast(String what, double limit, double seen) {
        check(what, "expected at least " + limit, Double.toString(seen), seen >= limit);
    }

    /** Where more than one value was judged. */
    void that(String what, String expected, String seen, boolean holds) {
        check(what, "expected " + expected, seen, holds);
    }

    /** A figure that is told and not judged. */
    void told(String what, Object seen) {
        System.out.println("      " + what + ": " + seen);
    }

    private void check(String what, String expected, String seen, boolean holds) {
        checks++;
        String line = what + ": " + expected + ", seen " + seen;
        System.out.println((holds ? "ok    " : "WRONG ") + line);
        if (!holds) {
            failures.add(line);
        }
    }

    /** The last line, and the end of the test. */
    void done() {
        System.out.println("VERDICT " + name + ": " + (checks - failures.size()) + " of " + checks + " checks hold" + (failures.isEmpty() ? "" : "; wrong: " + failures));
        assertTrue(failures.isEmpty(), name + ": " + failures);
    }
}
