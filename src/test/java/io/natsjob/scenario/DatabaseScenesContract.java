package io.natsjob.scenario;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The scenes that the other tests of this package play on SQLite, in their short form on a database that is a server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
abstract class DatabaseScenesContract {
    abstract Base base();

    @Test
    void each_job_runs_once_in_each_second() {
        EverySecondOnceTest.check(base(), "jetStream");
    }

    /** On JetStream subjects, since a start has more to find out of those. */
    @Test
    void kill_9_under_load_loses_and_doubles_nothing() {
        KilledUnderLoadTest.check(base(), "jetStream", 1);
    }

    @Test
    void a_stop_of_nats_is_counted_and_survived() {
        NatsStoppedTest.check(base(), "max");
    }

    @Test
    void code_straight_from_the_manual_works() throws Exception {
        ManualsWorkerTest.check(base());
    }

    @Test
    void commits_that_are_cut_under_load_lose_and_double_nothing() {
        CommitsCut.underLoad(base());
    }

    @Test
    void edits_whose_commit_is_cut_are_made_once_and_answered_as_done() {
        CommitsCut.ofEdits(base());
    }

    @Test
    void damage_on_purpose_is_seen() throws Exception {
        CounterProofTest.check(base());
    }
}
