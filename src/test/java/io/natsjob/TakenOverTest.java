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
import io.natsjob.job.Route;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import io.natsjob.store.Marks;
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
        takenOver.add(new StoredOpenRun(fireAt, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, fireAt, 1, fireAt + 60_000, 1, ""));
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
        Term later = new Term(2, 108_500, new Marks(2, 110_000, 107_000, 0, 0));
        TakenOver takesOver = new TakenOver(later, roster, open);
        job(1, "* * * * * *", Model.MAX, true);
        for (long claimedAt : List.of(97_000L, 97_001L, 108_000L)) {
            long id = RunIds.floor(claimedAt);
            takesOver.add(new StoredOpenRun(id, 1, 1, new RunNames("n", "a", "j"), RunTrigger.MISFIRE, 5_000 + claimedAt / 100, 1, 200_000, 1, ""));
            OpenRun run = open.find(id).orElseThrow();
            assertEquals(claimedAt == 97_000 ? null : SkipReason.UNKNOWN, run.doubt());
            assertEquals(claimedAt, run.sentAt(), "by which rule 17 judges whether the stream still knows it");
        }
        assertEquals(0, takesOver.inherited().ahead());
    }

    @Test
    void what_lies_ahead_is_to_be_sent_and_is_not_open_yet() {
        job(1, "* * * * * *", Model.MAX, true);
        for (long at : List.of(9_000L, 10_000L)) {
            takenOver.add(new StoredOpenRun(at, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, at, 1, 70_000, 1, ""));
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
        takenOver.add(new StoredOpenRun(5, 1, 1, new RunNames("n", "a", "j"), RunTrigger.CRON, 11_000, 1, 70_000, 1, ""));
        assertEquals(0, takenOver.size());
    }

    @Test
    void a_deadline_that_passed_before_the_start_is_due_at_once() {
        job(1, "* * * * * *", Model.MAX, true);
        doubtOf(1_000);
        assertEquals(1, open.due(1_000_000).size());
    }
}
