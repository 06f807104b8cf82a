package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Fire;
import io.natsjob.job.FireBatch;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.store.MissedFire;
import io.natsjob.store.Settlement;
import io.natsjob.store.Tally;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecisionsTest {
    private static final long HOUR = 3_600_000;
    private final Decisions decisions = new Decisions(10_000);
    private final Job max = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
    private final Job lite = Jobs.of(2, Model.LITE, SubjectModel.MEMORY);

    @Test
    void a_second_is_settled_only_when_both_batches_came_and_every_fire_is_decided() {
        Fire recorded = fire(max, 11_000, 5);
        Fire other = fire(lite, 11_000, 0);
        decisions.expect(new FireBatch(11_000, false, List.of(other)));
        decisions.sent(other);
        assertEquals(10_000, decisions.take().settledUpTo(), "the claimed ones may still come");
        decisions.expect(new FireBatch(11_000, true, List.of(recorded)));
        assertEquals(new Settlement(10_000, List.of(), List.of()), decisions.take(), "one is undecided");
        decisions.sent(recorded);
        assertEquals(new Settlement(11_000, List.of(), List.of(new Tally(2, 0, "sent", 1, 11_000))), decisions.take());
        assertTrue(decisions.take().isEmpty(), "handed out once");
    }

    @Test
    void a_refused_claim_is_dropped_in_the_settlement_that_counts_it() {
        Fire refused = fire(max, 11_000, 5);
        Fire first = fire(max, 11_000, 6);
        both(11_000, List.of(refused, first));
        decisions.refused(refused, SkipReason.CONCURRENCY);
        assertEquals(new Settlement(10_000, List.of(), List.of()), decisions.take(), "neither before the second is decided");
        decisions.sent(first);
        assertEquals(new Settlement(11_000, List.of(5L), List.of(new Tally(1, 0, "concurrency", 1, 11_000))), decisions.take());
    }

    @ParameterizedTest
    @CsvSource({"CRON, NATS_DOWN, true", "CRON, MISSED, true", "CRON, PAUSED, true", "CRON, CONCURRENCY, false", "CRON, CHANGED, false", "CRON, REFUSED, false",
            "MISFIRE, NATS_DOWN, true", "MISFIRE, PAUSED, false", "MISFIRE, CONCURRENCY, false"})
    void a_claim_that_an_outage_refused_is_made_up_if_its_job_makes_up_misses_and_counted_if_not(RunTrigger trigger, SkipReason reason, boolean again) {
        for (Misfire misfire : Misfire.values()) {
            Decisions fresh = new Decisions(10_000);
            Fire refused = new Fire(0, Jobs.misfire(max, misfire), 11_000, 5, trigger, false, "", 41_000);
            if (trigger == RunTrigger.CRON) {
                fresh.expect(new FireBatch(11_000, true, List.of(refused)));
                fresh.expect(new FireBatch(11_000, false, List.of()));
            }
            fresh.refused(refused, reason);
            Settlement decided = fresh.take();
            boolean madeUp = again && misfire != Misfire.SKIP;
            assertEquals(List.of(5L), decided.drops(), "its row goes in any case");
            assertEquals(madeUp ? List.of() : List.of(new Tally(1, 0, reason.word(), 1, 11_000)), decided.tallies());
            assertEquals(madeUp ? List.of(new MissedFire(0, 1, 11_000, reason.word(), false)) : List.of(), decided.again());
        }
    }

    @Test
    void a_claim_taken_over_is_neither_dropped_nor_counted() {
        Fire taken = new Fire(0, max, 11_000, 5, RunTrigger.CRON, true, "", 41_000);
        both(11_000, List.of(taken));
        decisions.refused(taken, SkipReason.CONCURRENCY);
        assertEquals(new Settlement(11_000, List.of(), List.of()), decisions.take());
    }

    @Test
    void a_fire_that_was_never_claimed_is_counted_and_nothing_is_dropped() {
        Fire paused = fire(max, 11_000, 0);
        both(11_000, List.of(paused));
        decisions.refused(paused, SkipReason.PAUSED);
        assertEquals(new Settlement(11_000, List.of(), List.of(new Tally(1, 0, "paused", 1, 11_000))), decisions.take());
    }

    @Test
    void unconfirmed_is_counted_for_lite_and_plus_only() {
        Fire recorded = fire(max, 11_000, 5);
        Fire other = fire(lite, 11_000, 7);
        both(11_000, List.of(recorded, other));
        decisions.unconfirmed(recorded);
        decisions.unconfirmed(other);
        assertEquals(new Settlement(11_000, List.of(), List.of(new Tally(2, 0, "unconfirmed", 1, 11_000))), decisions.take());
    }

    @Test
    void seconds_are_settled_in_their_order() {
        Fire first = fire(lite, 11_000, 1);
        Fire second = fire(lite, 12_000, 2);
        both(12_000, List.of(second));
        both(11_000, List.of(first));
        decisions.sent(second);
        assertEquals(new Settlement(10_000, List.of(), List.of()), decisions.take());
        decisions.sent(first);
        assertEquals(new Settlement(12_000, List.of(), List.of(new Tally(2, 0, "sent", 2, 12_000))), decisions.take());
    }

    @Test
    void passed_seconds_move_the_mark_but_never_over_an_open_one() {
        decisions.passed(15_000);
        assertEquals(15_000, decisions.take().settledUpTo());
        Fire open = fire(lite, 16_000, 1);
        both(16_000, List.of(open));
        decisions.passed(20_000);
        assertEquals(15_000, decisions.take().settledUpTo());
        decisions.sent(open);
        decisions.passed(20_000);
        assertEquals(20_000, decisions.take().settledUpTo());
        decisions.passed(3_000);
        assertEquals(20_000, decisions.take().settledUpTo(), "never back");
    }

    @Test
    void a_decision_that_nobody_expected_is_an_error() {
        assertThrows(IllegalStateException.class, () -> decisions.sent(fire(lite, 11_000, 1)));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void sums_are_exact_whatever_the_order_and_the_thread(long seed) throws Exception {
        Random random = new Random(seed);
        Decisions counted = new Decisions(0);
        Map<String, Long> expected = new HashMap<>();
        List<Long> expectedDrops = new ArrayList<>();
        List<Runnable> acts = new ArrayList<>();
        SkipReason[] reasons = SkipReason.values();
        long base = HOUR - 20_000;
        long id = 1;
        for (int second = 1; second <= 40; second++) {
            long at = base + 1_000L * second;
            List<Fire> recorded = new ArrayList<>();
            List<Fire> others = new ArrayList<>();
            for (int i = 0; i < random.nextInt(30); i++) {
                boolean isRecorded = random.nextBoolean();
                Fire fire = new Fire(0, isRecorded ? max : lite, at, id++, RunTrigger.CRON, isRecorded && random.nextInt(4) == 0, "", 0);
                (isRecorded ? recorded : others).add(fire);
                acts.add(act(counted, fire, random.nextInt(3), reasons[random.nextInt(reasons.length)], expected, expectedDrops));
            }
            counted.expect(new FireBatch(at, false, others));
            counted.expect(new FireBatch(at, true, recorded));
        }
        Collections.shuffle(acts, random);
        Map<String, Long> sums = new HashMap<>();
        List<Long> drops = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> running = new ArrayList<>();
            for (Runnable act : acts) {
                running.add(threads.submit(act));
                if (random.nextInt(10) == 0) {
                    add(counted.take(), sums, drops);
                }
            }
            for (Future<?> each : running) {
                each.get();
            }
        }
        Settlement last = counted.take();
        add(last, sums, drops);
        assertEquals(base + 40_000, last.settledUpTo());
        assertEquals(expected, sums);
        Collections.sort(drops);
        Collections.sort(expectedDrops);
        assertEquals(expectedDrops, drops);
    }

    private static Runnable act(Decisions counted, Fire fire, int kind, SkipReason reason, Map<String, Long> expected, List<Long> drops) {
        String prefix = fire.job().id() + "/" + fire.fireAt() / HOUR + "/";
        String outcome = switch (kind) {
            case 0 -> fire.recorded() ? null : "sent";
            case 1 -> fire.recorded() ? null : "unconfirmed";
            default -> fire.takenOver() ? null : reason.word();
        };
        if (outcome != null) {
            expected.merge(prefix + outcome, 1L, Long::sum);
        }
        if (kind == 2 && fire.recorded() && !fire.takenOver()) {
            drops.add(fire.runId());
        }
        return switch (kind) {
            case 0 -> () -> counted.sent(fire);
            case 1 -> () -> counted.unconfirmed(fire);
            default -> () -> counted.refused(fire, reason);
        };
    }

    private static void add(Settlement taken, Map<String, Long> sums, List<Long> drops) {
        taken.tallies().forEach(tally -> {
            sums.merge(tally.jobId() + "/" + tally.hour() / HOUR + "/" + tally.outcome(), tally.count(), Long::sum);
            assertTrue(tally.lastAt() <= taken.settledUpTo(), "a tally goes with the mark that covers it");
        });
        drops.addAll(taken.drops());
    }

    private void both(long at, List<Fire> recorded) {
        decisions.expect(new FireBatch(at, true, recorded));
        decisions.expect(new FireBatch(at, false, List.of()));
    }

    private static Fire fire(Job job, long at, long runId) {
        return new Fire(0, job, at, runId, RunTrigger.CRON, false, "", 0);
    }
}
