package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the vectors do not show: readable examples, the ends of time, equality, threads. */
class CalendarScheduleTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    @ParameterizedTest
    @CsvSource({
        "0 0 9 * * *,    2026-01-01T08:59:59.999Z, 2026-01-01T09:00:00Z",
        "0 0 9 * * *,    2026-01-01T09:00:00.000Z, 2026-01-02T09:00:00Z",
        "0 0 0 13 * FRI, 2026-01-03T00:00:00Z,     2026-01-09T00:00:00Z",
        "0 0 0 13 * FRI, 2026-01-09T00:00:00Z,     2026-01-13T00:00:00Z",
        "0 0 0 1-31 * FRI, 2026-01-03T00:00:00Z,   2026-01-04T00:00:00Z",
        "0 0 0 29 2 *,   2098-12-31T23:59:59Z,     2104-02-29T00:00:00Z",
        "TZ=America/New_York 0 0 0 29 2 *, 2099-06-01T00:00:00Z, 2104-02-29T05:00:00Z",
        "TZ=America/Santiago 0 0 0 29 2 *, 2099-06-01T00:00:00Z, 2104-02-29T03:00:00Z",
        "30 */2 * * * *, 2026-01-01T00:00:30Z,     2026-01-01T00:02:30Z",
        "TZ=America/New_York 0 30 2 * * *, 2026-03-07T12:00:00Z, 2026-03-09T06:30:00Z",
        "TZ=America/New_York 0 30 1 * * *, 2026-11-01T05:30:00Z, 2026-11-01T06:30:00Z",
        "TZ=America/Havana @daily, 2026-11-01T04:00:00Z, 2026-11-01T05:00:00Z",
        "TZ=Pacific/Apia 0 0 0 31 12 *, 2011-12-28T12:00:00Z, 2011-12-30T10:00:00Z",
    })
    void answers_with_the_next_instant_whose_local_time_matches(String text, Instant from, Instant expected) throws CronException {
        assertEquals(expected, Instant.ofEpochMilli(parse(text).next(from.toEpochMilli(), 0)));
    }

    @Test
    void is_silent_one_second_before_the_limit_moves() throws CronException {
        long from = Instant.parse("2098-12-31T23:59:58Z").toEpochMilli();
        assertEquals(Schedule.NEVER, parse("0 0 0 29 2 *").next(from, 0));
        assertEquals(Schedule.NEVER, parse("0 0 0 29 2 *").next(from + 999, 0));
    }

    @Test
    void answers_at_the_ends_of_epoch_milliseconds() throws CronException {
        Schedule each = Schedule.parse("* * * * * *", NEW_YORK);
        assertEquals(Schedule.NEVER, each.next(Long.MAX_VALUE, 0));
        assertEquals(Schedule.NEVER, parse("@yearly").next(Long.MAX_VALUE, 0));
        assertEquals(Math.floorDiv(Long.MIN_VALUE, 1000) + 1, each.next(Long.MIN_VALUE, 0) / 1000);
        assertFalse(each.firesAt(Long.MIN_VALUE, 0));
    }

    @Test
    void fires_at_whole_seconds_only() throws CronException {
        Schedule each = parse("* * * * * *");
        assertTrue(each.firesAt(-1000, 0));
        assertFalse(each.firesAt(-999, 0));
        assertFalse(each.firesAt(1, 0));
    }

    @Test
    void equal_fields_and_zone_are_equal_however_they_are_spelt() throws CronException {
        Schedule daily = Schedule.parse("@daily", NEW_YORK);
        daily.next(0, 0);
        assertEquals(daily, Schedule.parse("CRON_TZ=America/New_York 0 0 0 ? */1 ?", ZoneOffset.UTC));
        assertEquals(daily.hashCode(), Schedule.parse("0 00 +0 * * *", NEW_YORK).hashCode());
        assertNotEquals(daily, Schedule.parse("@daily", ZoneOffset.UTC));
        assertNotEquals(daily, Schedule.parse("0 0 0 * * MON", NEW_YORK));
    }

    @Test
    void calendar_arithmetic_agrees_with_java_time() {
        for (long day = -800_000; day <= 800_000; day += 1) {
            LocalDate expected = LocalDate.ofEpochDay(day);
            long date = CivilDate.ofEpochDay(day);
            int month = CivilDate.month(date);
            if (CivilDate.year(date) != expected.getYear() || month != expected.getMonthValue()
                    || CivilDate.dayOfMonth(date) != expected.getDayOfMonth()
                    || CivilDate.firstOfMonth(expected.getYear(), month) != day - expected.getDayOfMonth() + 1
                    || CivilDate.lengthOfMonth(expected.getYear(), month) != expected.lengthOfMonth()
                    || CivilDate.dayOfWeek(day) != expected.getDayOfWeek().getValue() % 7) {
                throw new AssertionError("day " + day + ", " + expected);
            }
        }
    }

    /** Threads that ask about different years keep replacing the remembered segment under each other. */
    @Test
    void one_schedule_serves_many_threads() throws Exception {
        Schedule shared = Schedule.parse("0 30 1 * * *", NEW_YORK);
        List<Walk> walks = new ArrayList<>();
        for (int start = 0; start < 4; start++) {
            walks.add(new Walk(Instant.parse((2000 + 10 * start) + "-01-01T00:00:00Z").toEpochMilli()));
        }
        try (ExecutorService threads = Executors.newFixedThreadPool(walks.size())) {
            List<Future<List<Long>>> answers = new ArrayList<>();
            for (Walk walk : walks) {
                answers.add(threads.submit(() -> walk.fires(shared)));
            }
            for (int i = 0; i < walks.size(); i++) {
                assertEquals(walks.get(i).fires(Schedule.parse("0 30 1 * * *", NEW_YORK)), answers.get(i).get());
            }
        }
    }

    private record Walk(long from) {
        List<Long> fires(Schedule schedule) {
            List<Long> fires = new ArrayList<>();
            long fire = from;
            for (int i = 0; i < 20_000; i++) {
                fire = schedule.next(fire, 0);
                fires.add(fire);
            }
            return fires;
        }
    }

    private static Schedule parse(String text) throws CronException {
        return Schedule.parse(text, ZoneOffset.UTC);
    }
}
