package io.natsjob.cron;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No expression makes a search long: counted, not timed. A month or a segment costs well under 10 microseconds. */
class SearchWorkTest {
    /** The worst found over all zones is 55: five wrong months in each of six years, and one look at the start of each segment. */
    private static final int MONTHS_MAX = 60;
    /** The worst found is 25: Gaza's rules, four changes in each of six years. */
    private static final int SEGMENTS_MAX = 30;
    private static final List<String> HARD = List.of(
            "0 0 0 30 2 *", "0 0 0 31 2,4,6,9,11 *", "0 0 0 29 2 */7", "0 30 2 31 4 ?", "59 59 23 31 2,4,6,9,11 *",
            "0 0 0 29 2 *", "0 0 0 30,31 2 *", "0 0 0 31 11 *");

    @ParameterizedTest
    @ValueSource(strings = {
        ", * * * * *", ",, 0 0 * * *", "0 , 0 * * *", "0 0 , * * *", "0 0 0 , * *", "0 0 0 * , *", "0 0 0 * * ,", "0 0 0 , , ,",
        "0 0 0 , * ,",
    })
    void an_empty_set_answers_never_without_any_search(String text) throws CronException {
        SearchWork work = new SearchWork();
        CalendarSchedule schedule = (CalendarSchedule) Schedule.parse(text, ZoneId.of("Africa/Casablanca"));
        assertEquals(Schedule.NEVER, schedule.next(0, work));
        assertEquals(0, work.segments + work.months);
    }

    @Test
    void dates_that_do_not_exist_cost_one_look_for_each_of_their_months() throws CronException {
        SearchWork work = new SearchWork();
        CalendarSchedule schedule = (CalendarSchedule) Schedule.parse("0 0 0 30 2 *", ZoneOffset.UTC);
        assertEquals(Schedule.NEVER, schedule.next(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli(), work));
        assertEquals(1, work.segments);
        assertEquals(1 + 6, work.months);
    }

    @Test
    void the_hardest_expressions_stay_within_the_bounds_in_every_zone() throws CronException {
        for (String id : ZoneId.getAvailableZoneIds()) {
            for (String text : HARD) {
                CalendarSchedule schedule = (CalendarSchedule) Schedule.parse(text, ZoneId.of(id));
                for (int year = 1890; year < 2110; year += 3) {
                    check(schedule, Instant.parse(year + "-01-10T00:00:00Z").toEpochMilli());
                }
            }
        }
    }

    @Test
    void random_expressions_stay_within_the_bounds() throws CronException {
        Random random = new Random(42);
        RandomCron cron = new RandomCron(random);
        List<String> zones = ZoneId.getAvailableZoneIds().stream().sorted().toList();
        for (int i = 0; i < 20_000; i++) {
            ZoneId zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            check((CalendarSchedule) Schedule.parse(cron.fields(), zone), random.nextLong(-3_000_000_000_000L, 6_000_000_000_000L));
        }
    }

    private static void check(CalendarSchedule schedule, long from) {
        SearchWork work = new SearchWork();
        schedule.next(from, work);
        assertTrue(work.months <= MONTHS_MAX, () -> schedule + " from " + from + ": " + work.months + " months");
        assertTrue(work.segments <= SEGMENTS_MAX, () -> schedule + " from " + from + ": " + work.segments + " segments");
    }
}
