package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

/**
 * Every line of cron.tsv, one test for each class of lines. A line whose zone this JDK lacks, or dates otherwise than the file's zone
 * data, makes its class show as skipped, with the line and the reason, when all other lines of the class are right.
 */
class CronVectorsTest {
    private static final Set<String> NAMES_OUTSIDE_THE_JDK_LIST =
            Set.of("", "Local", "EST", "MST", "HST", "ROC", "Factory", "GMT+0", "GMT-0");

    @TestFactory
    Stream<DynamicTest> answers_every_line_of_the_vectors() throws IOException {
        return VectorLine.byClass().entrySet().stream()
                .map(e -> DynamicTest.dynamicTest(e.getKey() + " (" + e.getValue().size() + ")", () -> check(e.getValue())));
    }

    @Test
    void the_vectors_are_complete() throws IOException {
        Map<String, List<VectorLine>> classes = VectorLine.byClass();
        assertEquals(55, classes.size());
        assertEquals(3046, classes.values().stream().mapToInt(List::size).sum());
    }

    private static void check(List<VectorLine> lines) {
        List<String> wrong = new ArrayList<>();
        List<String> skipped = new ArrayList<>();
        for (VectorLine line : lines) {
            if (!line.isError() && zoneIsMissing(line.zoneName()) || zoneIsMissing(line.zone())) {
                skipped.add(line + ": this JDK lacks the zone");
                continue;
            }
            String difference = difference(line);
            if (difference != null && zoneDataDiffers(line)) {
                skipped.add(line + ": this JDK dates the zone's changes otherwise");
            } else if (difference != null) {
                wrong.add(line + ": " + difference);
            }
        }
        if (!wrong.isEmpty()) {
            fail(wrong.size() + " of " + lines.size() + " lines\n" + String.join("\n", wrong));
        }
        if (!skipped.isEmpty()) {
            throw new TestAbortedException(skipped.size() + " of " + lines.size() + " lines\n" + String.join("\n", skipped));
        }
    }

    private static boolean zoneIsMissing(String name) {
        return !NAMES_OUTSIDE_THE_JDK_LIST.contains(name) && !ZoneId.getAvailableZoneIds().contains(name);
    }

    /** Null when the line is answered as it says. */
    private static String difference(VectorLine line) {
        Schedule schedule;
        try {
            schedule = Schedule.parse(line.expression(), ZoneId.of(line.zone()));
        } catch (CronException refused) {
            return line.isError() ? null : "refused: " + refused.getMessage();
        }
        if (line.isError()) {
            return "accepted as " + schedule;
        }
        List<Long> fires = fires(schedule, line.from());
        if (!fires.equals(line.fires())) {
            return "expected " + line.fires() + ", got " + fires;
        }
        for (long fire : fires) {
            if (!schedule.firesAt(fire, line.from()) || schedule.firesAt(fire + 1, line.from())) {
                return "firesAt disagrees at " + fire;
            }
        }
        return null;
    }

    private static List<Long> fires(Schedule schedule, long from) {
        List<Long> fires = new ArrayList<>();
        long fire = schedule.next(from, from);
        while (fire != Schedule.NEVER && fires.size() < VectorLine.FIRES_MAX) {
            fires.add(fire);
            fire = schedule.next(fire, from);
        }
        return fires;
    }

    /**
     * The first fire in which the file and we differ, if it is the file's, is none by java.time; if it is ours, is one. Only then the
     * zone data is the reason; a zone without changes is never excused.
     */
    private static boolean zoneDataDiffers(VectorLine line) {
        if (line.isError() || line.expression().contains("@") || line.zoneName().equals("Local")) {
            return false;
        }
        try {
            ZoneId zone = Zones.of(line.zoneName(), ZoneId.of(line.zone()));
            if (zone.getRules().isFixedOffset()) {
                return false;
            }
            List<Long> ours = fires(Schedule.parse(line.expression(), ZoneId.of(line.zone())), line.from());
            List<Long> theirs = line.fires();
            int same = 0;
            while (same < Math.min(ours.size(), theirs.size()) && ours.get(same).equals(theirs.get(same))) {
                same++;
            }
            long our = same < ours.size() ? ours.get(same) : Schedule.NEVER;
            long their = same < theirs.size() ? theirs.get(same) : Schedule.NEVER;
            SlowCron definition = new SlowCron(line.expression().replaceFirst("^(CRON_)?TZ=[^ ]* ", ""), zone);
            return their < our ? !definition.matches(their / 1000) : definition.matches(our / 1000);
        } catch (CronException refused) {
            return false;
        }
    }
}
