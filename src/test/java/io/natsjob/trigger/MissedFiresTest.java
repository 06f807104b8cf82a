package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.job.Misfire;
import io.natsjob.job.Timing;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 34. */
class MissedFiresTest {
    private static final long START = World.START;
    private final MissedFires missed = new MissedFires();

    private static Timing timing(String schedule, long anchor, Long startAt, Long endAt) {
        return new Timing(schedule, "UTC", anchor, startAt, endAt, Misfire.SKIP, 1);
    }

    private static Schedule parsed(Timing timing) {
        try {
            return timing.parse(ZoneOffset.UTC);
        } catch (CronException e) {
            throw new AssertionError(e);
        }
    }

    /** Newest first. */
    private List<Long> found(Timing timing, long after, long upTo) {
        int count = missed.search(timing, parsed(timing), after, upTo);
        return IntStream.range(0, count).mapToObj(missed::newest).toList();
    }

    private List<Long> found(String schedule, long anchor, long after, long upTo) {
        return found(timing(schedule, anchor, null, null), after, upTo);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 999, 0", "0, 1000, 1", "1000, 1000, 0", "999, 1000, 1", "0, 999000, 999", "0, 1000000, 1000", "0, 5000000, 1000", "5000, 0, 0"})
    void counts_what_lies_behind_after_and_not_behind_up_to_and_at_most_a_thousand(long after, long upTo, int fires) {
        assertEquals(fires, found(World.EVERY_SECOND, 0, START + after, START + upTo).size());
    }

    @Test
    void the_newest_are_found_though_there_are_many_more_than_a_thousand() {
        long upTo = START + 400 * 86_400_000L;
        assertEquals(IntStream.range(0, MissedFires.MAX_WALKED).mapToObj(n -> upTo - n * 1_000L).toList(), found(World.EVERY_SECOND, 0, START, upTo));
        assertEquals(IntStream.range(0, 400).mapToObj(n -> upTo - n * 86_400_000L).toList(), found("0 0 10 * * *", 0, START, upTo));
    }

    /** A schedule that is silent for long and dense at times, so that windows turn out too full and too empty. */
    @Test
    void the_search_agrees_with_a_walk_over_all_fires() {
        Random random = new Random(7);
        for (String schedule : List.of("* */7 3 * * *", "*/2 0-9 * 1,3 * *", "0 0 10 29 * *", "@every 37s", "* * * * * MON")) {
            for (int i = 0; i < 40; i++) {
                long after = START + random.nextInt(86_400_000);
                long upTo = after + (long) (Math.pow(random.nextDouble(), 4) * 40 * 86_400_000L);
                Timing timing = timing(schedule, START - 500, null, null);
                assertEquals(walked(timing, after, upTo), found(timing, after, upTo), schedule + " in " + after + ", " + upTo);
            }
        }
    }

    private static List<Long> walked(Timing timing, long after, long upTo) {
        List<Long> all = new ArrayList<>();
        Schedule schedule = parsed(timing);
        for (long at = timing.next(schedule, after); at <= upTo; at = timing.next(schedule, at)) {
            all.add(at);
        }
        return all.reversed().subList(0, Math.min(all.size(), MissedFires.MAX_WALKED));
    }

    @Test
    void a_job_has_no_fires_before_its_anchor() {
        assertEquals(3, found(World.EVERY_SECOND, START + 7_500, START, START + 10_000).size());
    }

    @Test
    void every_counts_from_the_anchor() {
        assertEquals(List.of(START + 10_000, START + 7_000, START + 4_000), found("@every 3s", START + 1_000, START, START + 12_000));
    }

    @Test
    void the_window_of_a_job_bounds_its_fires() {
        Timing window = timing(World.EVERY_SECOND, 0, START + 3_000, START + 5_000);
        assertEquals(List.of(START + 5_000, START + 4_000, START + 3_000), found(window, START, START + 60_000));
        assertEquals(List.of(START + 5_000, START + 4_000, START + 3_000), found(window, START, START + 6_000_000));
    }
}
