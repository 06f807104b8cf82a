package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdmissionTest {
    private static final long AT = 1_000_000;
    private final ManualClock clock = new ManualClock(AT);
    private final Weather weather = new Weather();
    private final Admission admission = new Admission(weather, new SteadyTime(clock));
    private final Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);

    @Test
    void a_claimed_fire_goes_when_nothing_speaks_against_it() {
        assertEquals(null, admission.refusal(fire(job, 5), job));
    }

    @Test
    void each_obstacle_has_its_reason_in_this_order() {
        weather.connected = false;
        assertEquals(SkipReason.NATS_DOWN, admission.refusal(fire(job, 5), job));
        clock.tick(Duration.ofMillis(30_000));
        assertEquals(SkipReason.NATS_DOWN, admission.refusal(fire(job, 5), job), "30 s late is not over 30 s");
        clock.tick(Duration.ofMillis(1));
        assertEquals(SkipReason.MISSED, admission.refusal(fire(job, 5), job));
        Job ended = Jobs.within(job, null, AT - 1);
        assertEquals(SkipReason.WINDOW, admission.refusal(fire(job, 5), ended));
        weather.paused = true;
        assertEquals(SkipReason.PAUSED, admission.refusal(fire(job, 5), ended));
        assertEquals(SkipReason.CHANGED, admission.refusal(fire(job, 5), null));
    }

    @Test
    void one_that_is_made_up_is_never_too_late_but_meets_all_else() {
        Fire missed = new Fire(0, job, AT, 5, RunTrigger.MISFIRE, false, "", AT + 60_000);
        clock.tick(Duration.ofDays(3));
        assertEquals(null, admission.refusal(missed, job));
        weather.connected = false;
        assertEquals(SkipReason.NATS_DOWN, admission.refusal(missed, job));
        assertEquals(SkipReason.CHANGED, admission.refusal(missed, null));
    }

    @Test
    void a_fire_of_a_recorded_job_without_its_row_was_held_by_a_pause_and_never_goes() {
        assertEquals(SkipReason.PAUSED, admission.refusal(fire(job, 0), job));
        Job lite = Jobs.of(2, Model.LITE, SubjectModel.MEMORY);
        assertEquals(null, admission.refusal(fire(lite, 0), lite));
    }

    @ParameterizedTest
    @CsvSource({"LITE,false", "PLUS,false", "MAX,false", "PRO,true", "ULTRA,true"})
    void pro_and_ultra_go_only_while_a_worker_lives(Model model, boolean needs) {
        Job wanted = Jobs.of(1, model, SubjectModel.MEMORY);
        weather.workerLives = false;
        assertEquals(needs ? SkipReason.NO_WORKER : null, admission.refusal(fire(wanted, 5), wanted));
        assertEquals(needs ? SkipReason.NO_WORKER : null, admission.refusal(wanted, true), "force passes over everything but a live worker");
        weather.connected = false;
        assertEquals(SkipReason.NATS_DOWN, admission.refusal(fire(wanted, 5), wanted), "without NATS nobody can tell");
        weather.connected = true;
        weather.workerLives = true;
        assertEquals(null, admission.refusal(fire(wanted, 5), wanted));
        assertEquals(null, admission.refusal(wanted, false));
    }

    @Test
    void a_manual_run_waits_for_the_list_of_workers_only_where_it_needs_one() {
        weather.workerLives = false;
        weather.onAwaitWorkers = () -> weather.workerLives = true;
        assertEquals(null, admission.refusal(job, false));
        assertEquals(false, weather.workerLives, "max does not wait");
        assertEquals(null, admission.refusal(Jobs.of(1, Model.PRO, SubjectModel.MEMORY), false));
        assertEquals(true, weather.workerLives);
    }

    static Stream<Arguments> manual() {
        return Stream.of(
                Arguments.of("", false, null),
                Arguments.of("disabled", false, SkipReason.DISABLED),
                Arguments.of("disabled", true, null),
                Arguments.of("ended", false, SkipReason.WINDOW),
                Arguments.of("ended", true, null),
                Arguments.of("paused", true, SkipReason.PAUSED),
                Arguments.of("cut", true, SkipReason.NATS_DOWN),
                Arguments.of("following", true, SkipReason.NO_LEADER));
    }

    @ParameterizedTest
    @MethodSource("manual")
    void force_passes_over_enabled_and_window_only(String obstacle, boolean force, SkipReason refusal) {
        weather.paused = obstacle.equals("paused");
        weather.connected = !obstacle.equals("cut");
        weather.leading = !obstacle.equals("following");
        Job wanted = switch (obstacle) {
            case "disabled" -> Jobs.disabled(job);
            case "ended" -> Jobs.within(job, null, AT - 1);
            default -> job;
        };
        assertEquals(refusal, admission.refusal(wanted, force));
    }

    private static Fire fire(Job job, long runId) {
        return new Fire(0, job, AT, runId, RunTrigger.CRON, false, "", 0);
    }
}
