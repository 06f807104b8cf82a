package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Namespace;
import io.natsjob.job.Parts;
import io.natsjob.job.Route;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import io.natsjob.store.Marks;
import io.natsjob.store.PartEnd;
import io.natsjob.store.StoredOpenRun;
import io.natsjob.trigger.Roster;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Claimed up to 10 s, settled up to 7 s, taken over at 8.5 s (docs/rules.md 6, 10 and 17). */
class TakenOverTest {
    private static final Term TERM = new Term(2, 8_500, new Marks(2, 10_000, 7_000, 0, 0));
    private final Roster roster = new Roster(ZoneOffset.UTC);
    private final OpenRuns open = new OpenRuns();
    private final TakenOver takenOver = new TakenOver(TERM, roster, open);

    private void job(long version, String schedule, Model model, boolean enabled) {
        Timing timing = new Timing(schedule, "UTC", 0, null, null, Misfire.SKIP, 1);
        JobSpec spec = new JobSpec("j", "", enabled, timing, new Route(Category.STANDALONE, model, SubjectModel.MEMORY, Condition.ROUND), new Limits(1, 60), "");
        roster.put(new Job(1, version, new App(1, 1, new Namespace(1, 1, "n", "", true, 0, 0), "a", "", true, 0, 0), spec, 0, 0), 0);
    }

    private SkipReason doubtOf(long fireAt) {
        takenOver.add(new StoredOpenRun(fireAt, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, fireAt, 1, fireAt + 60_000, 1, "", RunStep.MAIN, null, null), null);
        OpenRun run = open.find(fireAt).orElseThrow();
        assertEquals(fireAt + 60_000, run.storedDeadline());
        return run.doubt();
    }

    @Test
    void what_was_settled_waits_for_its_answer_and_what_was_not_is_in_doubt() {
        job(1, "* * * * * *", Model.MAX, true);
        assertNull(doubtOf(7_000));
        assertEquals(SkipReason.UNKNOWN, doubtOf(8_000));
    }

    /** Its fire time is long settled, but not its sending: the time of its id tells when it was claimed. */
    @Test
    void a_run_that_makes_up_a_fire_is_in_doubt_when_it_was_claimed_shortly_before_the_settled_mark() {
        Term later = new Term(2, 228_500, new Marks(2, 230_000, 227_000, 0, 0));
        TakenOver takesOver = new TakenOver(later, roster, open);
        job(1, "* * * * * *", Model.MAX, true);
        for (long claimedAt : List.of(107_000L, 107_001L, 228_000L)) {
            long id = RunIds.floor(claimedAt);
            takesOver.add(new StoredOpenRun(id, 1, 1, new RunNames("n", "a", "j"), RunTrigger.MISFIRE, 5_000 + claimedAt / 100, 1, 400_000, 1, "", RunStep.MAIN, null, null), null);
            OpenRun run = open.find(id).orElseThrow();
            assertEquals(claimedAt == 107_000 ? null : SkipReason.UNKNOWN, run.doubt());
            assertEquals(claimedAt, run.sentAt(), "by which rule 17 judges whether the stream still knows it");
        }
        assertEquals(0, takesOver.inherited().ahead());
    }

    @Test
    void what_lies_ahead_is_to_be_sent_and_is_not_open_yet() {
        job(1, "* * * * * *", Model.MAX, true);
        for (long at : List.of(9_000L, 10_000L)) {
            takenOver.add(new StoredOpenRun(at, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, at, 1, 70_000, 1, "", RunStep.MAIN, null, null), null);
        }
        assertEquals(2, takenOver.inherited().ahead());
        assertEquals(0, open.running());
    }

    @Test
    void a_claim_of_a_job_that_no_longer_fires_or_has_no_runs_any_more_is_left_to_its_deadline() {
        job(2, "0 0 0 1 1 *", Model.MAX, true);
        assertEquals(SkipReason.CHANGED, doubtOf(9_000));
        job(3, "* * * * * *", Model.PLUS, true);
        assertEquals(SkipReason.CHANGED, doubtOf(10_000));
        roster.remove(1);
        assertEquals(SkipReason.CHANGED, doubtOf(8_000));
        assertEquals(0, takenOver.inherited().ahead());
        assertEquals(3, open.running());
    }

    @Test
    void a_half_claimed_second_is_nobodys_run() {
        job(1, "* * * * * *", Model.MAX, true);
        takenOver.add(new StoredOpenRun(5, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, 11_000, 1, 70_000, 1, "", RunStep.MAIN, null, null), null);
        assertEquals(0, takenOver.size());
    }

    private OpenRun map(RunStep step, Long stepAt, Job deleted) {
        long fireAt = 5_000;
        takenOver.add(new StoredOpenRun(fireAt, 1, 1, new RunNames("n", "a", "old-name"), RunTrigger.CRON, fireAt, 1, 95_000, 1, "x", step, stepAt, null), deleted);
        return open.find(fireAt).orElseThrow();
    }

    @Test
    void a_map_in_its_first_step_knows_what_its_main_step_is_sent_with_whatever_the_job_has_become() {
        job(1, "* * * * * *", Model.MAX, false);
        OpenRun run = map(RunStep.PRE, null, null);
        assertEquals(RunStep.PRE, run.step());
        assertNull(run.doubt(), "sent: settled");
        assertEquals(Category.MAP, run.main().job().spec().route().category(), "it is a standalone job now");
        assertEquals("x", run.main().args());
        assertEquals("old-name", run.names().job());
        job(2, "* * * * * *", Model.PLUS, true);
        assertEquals(Model.MAX, map(RunStep.PRE, null, null).main().job().spec().route().model());
        Job deleted = roster.job(roster.slot(1));
        roster.remove(1);
        assertEquals(deleted.id(), map(RunStep.PRE, null, deleted).main().job().id());
        assertNull(map(RunStep.PRE, null, null).main());
    }

    @Test
    void a_main_step_that_was_committed_after_the_settled_mark_is_in_doubt_and_an_old_one_is_not() {
        job(1, "* * * * * *", Model.MAX, true);
        OpenRun run = map(RunStep.MAIN, 7_001L, null);
        assertEquals(RunStep.MAIN, run.step());
        assertEquals(SkipReason.UNKNOWN, run.doubt());
        assertEquals(95_000, run.storedDeadline());
        assertEquals(SkipReason.UNKNOWN, map(RunStep.MAIN, 6_000L, null).doubt(), "the mark may have run ahead of the clock");
        assertNull(map(RunStep.MAIN, 7_000L - 60_000, null).doubt());
    }

    @Test
    void a_claim_ahead_is_not_sent_where_the_job_has_become_a_map_or_was_one() {
        job(1, "* * * * * *", Model.MAX, true);
        takenOver.add(new StoredOpenRun(9_000, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, 9_000, 1, 70_000, 1, "", RunStep.PRE, null, null), null);
        assertEquals(0, takenOver.inherited().ahead());
        assertEquals(SkipReason.CHANGED, open.find(9_000).orElseThrow().doubt());
    }

    private void ultra(long version, boolean broadcast) {
        job(version, "* * * * * *", Model.MAX, true);
        Job job = roster.job(roster.slot(1));
        JobSpec spec = job.spec();
        Route route = new Route(broadcast ? Category.BROADCAST : Category.STANDALONE, Model.ULTRA, SubjectModel.JET_STREAM, Condition.ROUND);
        roster.put(new Job(1, version, job.app(), new JobSpec("j", "", true, spec.timing(), route, spec.limits(), ""), 0, 0), 0);
    }

    private StoredOpenRun row(long fireAt, Parts parts) {
        return new StoredOpenRun(fireAt, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, fireAt, 1, 70_000, 1, "", RunStep.MAIN, null, parts);
    }

    @Test
    void a_claim_ahead_goes_to_the_workers_of_its_row_and_one_without_any_picks_them_when_it_is_sent() {
        ultra(2, true);
        takenOver.add(row(9_000, Parts.all(List.of("w1", "w2"))), null);
        assertEquals(1, takenOver.inherited().ahead());
        ultra(1, true);
        takenOver.add(row(10_000, null), null);
        assertEquals(2, takenOver.inherited().ahead());
    }

    @Test
    void a_row_whose_workers_do_not_fit_the_job_any_more_is_not_sent() {
        ultra(2, true);
        takenOver.add(row(9_000, Parts.one("w1")), null);
        takenOver.add(row(9_001, null), null);
        ultra(2, false);
        takenOver.add(row(9_002, Parts.all(List.of("w1"))), null);
        job(3, "* * * * * *", Model.MAX, true);
        takenOver.add(row(9_003, Parts.one("w1")), null);
        assertEquals(0, takenOver.inherited().ahead());
        for (long id = 9_000; id <= 9_003; id++) {
            assertEquals(SkipReason.CHANGED, open.find(id).orElseThrow().doubt());
        }
    }

    @Test
    void the_ended_parts_of_open_runs_are_known_again() {
        ultra(1, true);
        takenOver.add(row(7_000, Parts.all(List.of("w1", "w2"))), null);
        takenOver.add(new PartEnd(7_000, 7_002, "w2", RunState.SUCCESS, "", "", "", 5));
        takenOver.add(new PartEnd(5_000, 5_001, "w2", RunState.SUCCESS, "", "", "", 5));
        assertEquals(List.of("w1"), open.find(7_000).orElseThrow().parts().unanswered());
        assertEquals(1, open.runningParts("n"));
    }

    @Test
    void a_deadline_that_passed_before_the_start_is_due_at_once() {
        job(1, "* * * * * *", Model.MAX, true);
        doubtOf(1_000);
        assertEquals(1, open.due(1_000_000).size());
    }
}
