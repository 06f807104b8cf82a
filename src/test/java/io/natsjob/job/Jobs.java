package io.natsjob.job;

/** Jobs for tests: namespace {@code app}, app {@code biz}, every second, ten runs at once, 30 s for each. */
public final class Jobs {
    private Jobs() {}

    public static Job of(long id, Model model, SubjectModel subjects) {
        return of(id, model, subjects, new Limits(10, 30));
    }

    public static Job of(long id, Model model, SubjectModel subjects, Limits limits) {
        Timing timing = new Timing("* * * * * *", null, 0, null, null, Misfire.SKIP, 10);
        Route route = new Route(Category.STANDALONE, model, subjects, Condition.ROUND);
        return of(id, new JobSpec("job-" + id, "", true, timing, route, limits, "args of " + id), namespace("app", true), true);
    }

    public static Job map(long id, Model model, SubjectModel subjects, Limits limits) {
        return routed(id, new Route(Category.MAP, model, subjects, Condition.ROUND), limits);
    }

    /** An ultra job to one worker by {@code condition}, or with null to all. */
    public static Job ultra(long id, SubjectModel subjects, Condition condition) {
        Route route = condition == null ? new Route(Category.BROADCAST, Model.ULTRA, subjects, Condition.ROUND)
                : new Route(Category.STANDALONE, Model.ULTRA, subjects, condition);
        return routed(id, route, new Limits(10, 30));
    }

    private static Job routed(long id, Route route, Limits limits) {
        JobSpec spec = of(id, route.model(), route.subjectModel(), limits).spec();
        return of(id, new JobSpec(spec.name(), "", true, spec.timing(), route, limits, spec.args()), namespace("app", true), true);
    }

    public static Job of(long id, JobSpec spec, Namespace namespace, boolean appEnabled) {
        return new Job(id, 1, new App(1, 1, namespace, "biz", "", appEnabled, 0, 0), spec, 0, 0);
    }

    public static Namespace namespace(String name, boolean enabled) {
        return new Namespace(1, 1, name, "", enabled, 0, 0);
    }

    /** The job with another window. */
    public static Job within(Job job, Long startAt, Long endAt) {
        Timing old = job.spec().timing();
        return timed(job, new Timing(old.schedule(), old.zone(), old.anchor(), startAt, endAt, old.misfire(), old.misfireMax()), job.spec().enabled());
    }

    /** The job with another misfire policy. */
    public static Job misfire(Job job, Misfire misfire) {
        Timing old = job.spec().timing();
        return timed(job, new Timing(old.schedule(), old.zone(), old.anchor(), old.startAt(), old.endAt(), misfire, old.misfireMax()), job.spec().enabled());
    }

    public static Job disabled(Job job) {
        return timed(job, job.spec().timing(), false);
    }

    private static Job timed(Job job, Timing timing, boolean enabled) {
        JobSpec spec = job.spec();
        return new Job(job.id(), job.version() + 1, job.app(), new JobSpec(spec.name(), spec.comment(), enabled, timing, spec.route(), spec.limits(), spec.args()),
                job.createdAt(), job.updatedAt());
    }
}
