package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EveryScheduleTest {
    private static final long ANCHOR = 1_767_225_600_700L;
    private static final long ANCHOR_SECOND = 1_767_225_600_000L;

    @ParameterizedTest
    @CsvSource({
        "90s, 90", "1h30m, 5400", "1.5h, 5400", "300ms, 1", "0, 1", "-1h, 1", "1.999s, 1", "1d, 86400", "7d, 604800", "1d12h, 129600",
        ".5m, 30", "+5s, 5", "1.s, 1", "1.9999999999999999999s, 2", "1.99999999999s, 1", "2562047h47m16.854775807s, 9223372036",
        "106751d, 9223286400", "0.9223372036854775808m, 55",
        "-9223372036854775808ns, 1",
    })
    void reads_the_period_in_whole_seconds(String duration, long seconds) throws CronException {
        assertEquals(new EverySchedule(seconds), parse("@every " + duration));
    }

    @Test
    void counts_from_the_second_of_the_anchor() throws CronException {
        Schedule schedule = parse("@every 90s");
        assertEquals(ANCHOR_SECOND + 90_000, schedule.next(ANCHOR, ANCHOR));
        assertEquals(ANCHOR_SECOND + 90_000, schedule.next(ANCHOR_SECOND + 89_999, ANCHOR));
        assertEquals(ANCHOR_SECOND + 180_000, schedule.next(ANCHOR_SECOND + 90_000, ANCHOR));
        assertEquals(ANCHOR_SECOND + 180_000, schedule.next(ANCHOR_SECOND + 90_999, ANCHOR));
    }

    @Test
    void first_fire_is_one_period_after_the_anchor_however_early_the_question() throws CronException {
        Schedule schedule = parse("@every 90s");
        assertEquals(ANCHOR_SECOND + 90_000, schedule.next(ANCHOR_SECOND - 1, ANCHOR));
        assertEquals(ANCHOR_SECOND + 90_000, schedule.next(0, ANCHOR));
        assertEquals(ANCHOR_SECOND + 90_000, schedule.next(Long.MIN_VALUE, ANCHOR));
        assertFalse(schedule.firesAt(ANCHOR_SECOND, ANCHOR));
        assertFalse(schedule.firesAt(ANCHOR_SECOND - 90_000, ANCHOR));
    }

    @Test
    void a_later_question_keeps_the_phase() throws CronException {
        Schedule schedule = parse("@every 7s");
        long restart = ANCHOR_SECOND + 1_000_000_123L;
        long fire = schedule.next(restart, ANCHOR);
        assertEquals(0, (fire - ANCHOR_SECOND) % 7000);
        assertTrue(fire > restart && fire <= restart + 7000);
        assertTrue(schedule.firesAt(fire, ANCHOR));
        assertFalse(schedule.firesAt(fire + 1, ANCHOR));
        assertFalse(schedule.firesAt(fire + 1000, ANCHOR));
    }

    @Test
    void anchors_before_1970_are_cut_downwards() throws CronException {
        Schedule schedule = parse("@every 10s");
        assertEquals(9_000, schedule.next(-1, -1));
        assertTrue(schedule.firesAt(9_000, -1));
        assertFalse(schedule.firesAt(10_000, -1));
    }

    @Test
    void says_never_where_epoch_milliseconds_end() throws CronException {
        Schedule schedule = parse("@every 106751d");
        assertEquals(Schedule.NEVER, schedule.next(Long.MAX_VALUE - 1, ANCHOR));
        assertEquals(Schedule.NEVER, schedule.next(Long.MAX_VALUE, Long.MIN_VALUE));
        assertEquals(Schedule.NEVER, parse("@every 1s").next(Long.MAX_VALUE, 0));
    }

    @Test
    void knows_no_zone() throws CronException {
        Schedule london = Schedule.parse("TZ=Europe/London @every 1h", ZoneId.of("America/New_York"));
        assertEquals(parse("@every 1h"), london);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 9_223_372_037L})
    void refuses_a_period_out_of_bounds(long seconds) {
        assertThrows(IllegalArgumentException.class, () -> new EverySchedule(seconds));
    }

    private static Schedule parse(String text) throws CronException {
        return Schedule.parse(text, ZoneOffset.UTC);
    }
}
