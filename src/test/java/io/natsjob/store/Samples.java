package io.natsjob.store;

import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Route;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;

/** Rows for tests. */
final class Samples {
    static final RunNames NAMES = new RunNames("app", "biz", "owner");

    private Samples() {}

    static NewRun claim(long id, long jobId, long fireAt) {
        return claim(id, jobId, fireAt, RunTrigger.CRON);
    }

    static NewRun claim(long id, long jobId, long fireAt, RunTrigger trigger) {
        return new NewRun(id, jobId, 3, NAMES, trigger, fireAt, 1, fireAt + 60_000, "", RunStep.MAIN, null);
    }

    static RunEnd end(long id, RunState state) {
        return new RunEnd(id, state, "why", "ok", "{}", "w1", 1_001, 61_000, 2_000);
    }

    static Job job(long id, App app, String name) {
        return job(id, 1, app, name, true);
    }

    static Job job(long id, long version, App app, String name, boolean enabled) {
        Timing timing = new Timing("@every 5s", null, 1_000, null, null, Misfire.FIRE_ONCE, 10);
        Route route = new Route(Category.STANDALONE, Model.MAX, SubjectModel.MEMORY, Condition.ROUND);
        return new Job(id, version, app, new JobSpec(name, "", enabled, timing, route, new Limits(1, 60), "a"), 1_000, 1_000);
    }

    /** Every optional field set, every word another than in {@link #job}. */
    static Job fullJob(long id, App app, String name) {
        Timing timing = new Timing("0 0 3 * * *", "Asia/Shanghai", 5, 6L, 7L, Misfire.FIRE_ALL, 1_000);
        Route route = new Route(Category.BROADCAST, Model.ULTRA, SubjectModel.JET_STREAM, Condition.MAX_WEIGHT);
        return new Job(id, 4, app, new JobSpec(name, "note 笔记", false, timing, route, new Limits(10_000, 86_400), "{\"a\": \"😀\"}"), 11, 12);
    }
}
