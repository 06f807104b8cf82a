package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The computed answers against {@link SlowCron}, which tries second after second, or day after day. Fixed seeds. */
class CronPropertyTest {
    private static final int CHANGES = 500;
    private static final int HALF_WINDOW_SECONDS = 4 * 3600;
    private static final int YEAR_CASES = 2_000;
    private static final long Y1900 = Instant.parse("1900-01-01T00:00:00Z").getEpochSecond();
    private static final long Y2130 = Instant.parse("2130-01-01T00:00:00Z").getEpochSecond();

    @Test
    void fires_exactly_where_the_definition_says_around_clock_changes() throws CronException {
        Random random = new Random(20260101);
        RandomCron cron = new RandomCron(random);
        List<ZoneId> zones = changingZones();
        int windowsWithFires = 0;
        for (int i = 0; i < CHANGES; i++) {
            ZoneId zone = zones.get(random.nextInt(zones.size()));
            String text = cron.fields();
            long around = changeNear(zone, random.nextLong(Y1900, Y2130)) + random.nextInt(-1800, 1800);
            int fires = compareWindow(text, zone, around - HALF_WINDOW_SECONDS, around + HALF_WINDOW_SECONDS);
            windowsWithFires += fires > 0 ? 1 : 0;
        }
        // windows without any fire prove little
        assertTrue(windowsWithFires > CHANGES / 3, windowsWithFires + " windows with fires");
    }

    @Test
    void fires_exactly_where_the_definition_says_when_the_clock_skips_a_whole_day() throws CronException {
        for (String zone : List.of("Pacific/Apia", "Pacific/Kwajalein", "Pacific/Fakaofo")) {
            ZoneOffsetTransition skip = ZoneId.of(zone).getRules().getTransitions().stream()
                    .filter(t -> t.getDuration().toHours() >= 23).findFirst().orElseThrow();
            for (String text : List.of("0 */7 * * * *", "0 0 0 31 12 *", "0 0 0 30 12 *", "30 59 23 * * *")) {
                compareWindow(text, ZoneId.of(zone), skip.toEpochSecond() - 90_000, skip.toEpochSecond() + 90_000);
            }
        }
    }

    @Test
    void finds_rare_dates_in_every_zone_and_ends_with_the_fifth_year_after() throws CronException {
        Random random = new Random(7);
        List<ZoneId> zones = changingZones();
        int found = 0;
        for (int i = 0; i < YEAR_CASES; i++) {
            ZoneId zone = i % 4 == 0 ? ZoneOffset.UTC : zones.get(random.nextInt(zones.size()));
            String text = "0 0 0 " + rareDate(random);
            long from = random.nextLong(Y1900, Y2130);
            long expected = slowMidnight(text, zone, from);
            long actual = Schedule.parse(text, zone).next(from * 1000, 0);
            assertEquals(expected, actual, "\"" + text + "\" in " + zone + " from " + Instant.ofEpochSecond(from));
            found += expected == Schedule.NEVER ? 0 : 1;
        }
        assertTrue(found > YEAR_CASES / 2 && found < YEAR_CASES, found + " found");
    }

    private static String rareDate(Random random) {
        String day = random.nextInt(4) == 0 ? "*" : String.valueOf(27 + random.nextInt(5));
        String month = random.nextInt(3) == 0 ? "*" : String.valueOf(random.nextBoolean() ? 2 : 1 + random.nextInt(12));
        String weekday = random.nextBoolean() ? "*" : random.nextBoolean() ? "*/7" : String.valueOf(random.nextInt(7));
        return day + (random.nextInt(3) == 0 ? "-31/50" : "") + " " + month + " " + weekday;
    }

    /** The least instant after {@code from} among all that a matching local midnight has: none in a gap, two in an overlap. */
    private static long slowMidnight(String text, ZoneId zone, long from) {
        SlowCron slow = new SlowCron(text, zone);
        LocalDate first = LocalDate.ofInstant(Instant.ofEpochSecond(from + 1), zone);
        long least = Schedule.NEVER;
        for (LocalDate day = first.minusDays(2); day.getYear() <= first.getYear() + 5; day = day.plusDays(1)) {
            LocalDateTime midnight = day.atStartOfDay();
            if (!slow.matches(midnight)) {
                continue;
            }
            for (ZoneOffset offset : zone.getRules().getValidOffsets(midnight)) {
                long instant = midnight.toEpochSecond(offset);
                least = instant > from ? Math.min(least, instant * 1000) : least;
            }
        }
        return least;
    }

    /** Every second of the window: fires as the definition says, next and firesAt alike. Returns the number of fires. */
    private static int compareWindow(String text, ZoneId zone, long from, long until) throws CronException {
        Schedule schedule = Schedule.parse(text, zone);
        SlowCron slow = new SlowCron(text, zone);
        int fires = 0;
        long next = schedule.next(from * 1000 - 1, 0);
        for (long second = from; second < until; second++) {
            boolean expected = slow.matches(second);
            if (expected != (next == second * 1000) || expected != schedule.firesAt(second * 1000, 0)) {
                throw new AssertionError("\"" + text + "\" in " + zone + " at " + second + " (" + Instant.ofEpochSecond(second)
                        + "): by definition " + (expected ? "a fire" : "no fire") + ", next said " + next);
            }
            if (expected) {
                fires++;
                next = schedule.next(next, 0);
            }
        }
        return fires;
    }

    private static List<ZoneId> changingZones() {
        List<ZoneId> zones = new ArrayList<>();
        for (String id : ZoneId.getAvailableZoneIds().stream().sorted().toList()) {
            ZoneId zone = ZoneId.of(id);
            if (!zone.getRules().isFixedOffset()) {
                zones.add(zone);
            }
        }
        return zones;
    }

    private static long changeNear(ZoneId zone, long second) {
        Instant instant = Instant.ofEpochSecond(second);
        ZoneOffsetTransition change = zone.getRules().nextTransition(instant);
        if (change == null) {
            change = zone.getRules().previousTransition(instant);
        }
        return change == null ? second : change.toEpochSecond();
    }
}
