package io.natsjob.trigger;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.job.App;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.SkipReason;
import io.natsjob.job.Timing;
import io.natsjob.store.Tally;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** docs/rules.md 34. */
class MissedFiresTest {
    private static final long START = World.START;
    private final Roster roster = new Roster(ZoneOffset.UTC);
    private final MissedFires missed = new MissedFires(roster);

    private static Job job(long id, JobSpec spec, boolean appEnabled) {
        Namespace namespace = new Namespace(1, 1, "n", "", true, 0, 0);
        return new Job(id, 1, new App(1, 1, namespace, "a", "", appEnabled, 0, 0), spec, 0, 0);
    }

    private void put(String schedule, long anchor) {
        roster.put(job(1, World.spec("j", schedule, Model.MAX, true, "", anchor), true), START);
    }

    private List<Tally> count(long after, long upTo) {
        return missed.count(job -> true, after, upTo, SkipReason.MISSED);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0", "0, 999, 0", "0, 1000, 1", "1000, 1000, 0", "999, 1000, 1", "0, 999000, 999", "0, 1000000, 1000", "0, 5000000, 1000", "5000, 0, 0"})
    void counts_what_lies_behind_after_and_not_behind_up_to_and_at_most_a_thousand(long after, long upTo, long fires) {
        put(World.EVERY_SECOND, 0);
        assertEquals(fires, count(START + after, START + upTo).stream().mapToLong(Tally::count).sum());
    }

    @Test
    void is_one_tally_in_the_hour_of_the_end_with_the_newest_fire() {
        put("0 30 * * * *", 0);
        long upTo = START + 2 * 3_600_000 + 600_000;
        assertEquals(List.of(new Tally(1, START + 2 * 3_600_000, "missed", 2, START + 3_600_000 + 1_800_000)), count(START, upTo));
    }

    @Test
    void a_job_has_no_fires_before_its_anchor() {
        put(World.EVERY_SECOND, START + 7_500);
        assertEquals(3, count(START, START + 10_000).getFirst().count());
    }

    @Test
    void every_counts_from_the_anchor() {
        put("@every 3s", START + 1_000);
        assertEquals(List.of(new Tally(1, START, "missed", 3, START + 10_000)), count(START, START + 12_000));
    }

    @Test
    void a_disabled_app_a_disabled_job_and_a_deleted_one_miss_nothing() {
        roster.put(job(1, World.spec("j", World.EVERY_SECOND, Model.MAX, false, "", 0), true), START);
        roster.put(job(2, World.spec("j", World.EVERY_SECOND, Model.MAX, true, "", 0), false), START);
        roster.put(job(3, World.spec("j", World.EVERY_SECOND, Model.MAX, true, "", 0), true), START);
        roster.remove(3);
        assertEquals(List.of(), count(START, START + 10_000));
    }

    @Test
    void the_window_of_a_job_bounds_its_fires() {
        JobSpec spec = World.spec("j", World.EVERY_SECOND, Model.MAX, true, "", 0);
        Timing t = spec.timing();
        Timing window = new Timing(t.schedule(), t.zone(), 0, START + 3_000, START + 5_000, t.misfire(), 1);
        roster.put(job(1, new JobSpec("j", "", true, window, spec.route(), spec.limits(), ""), true), START);
        assertEquals(List.of(new Tally(1, START, "missed", 3, START + 5_000)), count(START, START + 60_000));
    }
}
