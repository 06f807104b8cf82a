package io.natsjob.web;

import io.natsjob.cron.CronException;
import io.natsjob.cron.Schedule;
import io.natsjob.cron.Zones;
import io.natsjob.job.Category;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Limits;
import io.natsjob.job.Misfire;
import io.natsjob.job.Model;
import io.natsjob.job.Names;
import io.natsjob.job.Route;
import io.natsjob.job.SubjectModel;
import io.natsjob.job.Timing;
import java.time.ZoneId;
import java.util.Objects;
import java.util.Set;

/**
 * Turns the fields of a job into a {@link JobSpec}: defaults, bounds, and every fault under its field's name. Knows nothing of
 * HTTP or the database; whether namespace and app exist is the caller's question.
 */
final class JobForm {
    static final Set<String> WRITABLE = Set.of("namespace", "app", "name", "comment", "enabled", "schedule", "zone", "category", "model",
            "subjectModel", "condition", "args", "maxConcurrency", "timeoutSeconds", "startAt", "endAt", "misfire", "misfireMax");
    static final Set<String> READ_ONLY = Set.of("id", "version", "nextFireAt", "lastRun", "running", "lastSkip", "createdAt", "updatedAt");
    private static final int DEFAULT_TIMEOUT_SECONDS = 60;
    private static final int MAX_ZONE_LENGTH = 64;

    private final ZoneId serverZone;

    /** A job as asked for; where faults were found its values mean nothing. */
    record Draft(String namespace, String app, JobSpec spec) {}

    JobForm(ZoneId serverZone) {
        this.serverZone = serverZone;
    }

    /**
     * Reads all fields; an absent one gets its default. Faults are in {@code fields.errors()} afterwards.
     *
     * @param before the job that is changed, or null for a new one
     * @param now    epoch milliseconds
     */
    Draft read(Fields fields, Job before, long now) {
        Route route = route(fields);
        fields.refuseUnknown(WRITABLE, READ_ONLY);
        String namespace = fields.required("namespace", Names.MAX_LENGTH);
        String app = fields.required("app", Names.MAX_LENGTH);
        String name = ParentForm.name(fields);
        String comment = fields.text("comment", JobSpec.MAX_TEXT, "");
        boolean enabled = fields.flag("enabled", true);
        Timing timing = timing(fields, route.model());
        Limits limits = new Limits(
                (int) fields.number("maxConcurrency", 1, Limits.MAX_CONCURRENCY, 1),
                (int) fields.number("timeoutSeconds", 1, Limits.MAX_TIMEOUT_SECONDS, DEFAULT_TIMEOUT_SECONDS));
        String args = fields.text("args", JobSpec.MAX_TEXT, "");
        JobSpec spec = new JobSpec(name, comment, enabled, timing, route, limits, args);
        return new Draft(namespace, app, anchored(spec, before, now));
    }

    private static Route route(Fields fields) {
        Category category = fields.word(Category.class, "category", Category.STANDALONE);
        Model model = fields.word(Model.class, "model", Model.MAX);
        if (category == Category.MAP && model == Model.ULTRA) {
            fields.invalid("model", "map has no ultra: its steps are not addressed to chosen workers; take pro");
        }
        SubjectModel subjects = fields.word(SubjectModel.class, "subjectModel", SubjectModel.MEMORY);
        if (model == Model.LITE && subjects == SubjectModel.JET_STREAM) {
            fields.invalid("subjectModel", "lite is sent on memory subjects only: take memory, or model plus");
        }
        return new Route(category, model, subjects, fields.word(Condition.class, "condition", Condition.ROUND));
    }

    private Timing timing(Fields fields, Model model) {
        String zone = zone(fields);
        String schedule = schedule(fields, zone);
        Long startAt = fields.millis("startAt");
        Long endAt = fields.millis("endAt");
        if (startAt != null && endAt != null && endAt < startAt) {
            fields.invalid("endAt", "must not be before startAt, " + endAt + " is before " + startAt);
        }
        int misfireMax = (int) fields.number("misfireMax", 1, Timing.MAX_MISFIRE_MAX, Timing.DEFAULT_MISFIRE_MAX);
        return new Timing(schedule, zone, 0, startAt, endAt, misfire(fields, model), misfireMax);
    }

    private static Misfire misfire(Fields fields, Model model) {
        Misfire misfire = fields.word(Misfire.class, "misfire", defaultMisfire(model));
        // docs/rules.md 7: without a row, nobody knows whether a missed fire was sent
        if (!model.recorded() && misfire != Misfire.SKIP && !fields.wrong("model")) {
            fields.invalid("misfire", model.word() + " takes only skip, found " + Shown.text(misfire.word()));
        }
        return misfire;
    }

    static Misfire defaultMisfire(Model model) {
        return model.recorded() ? Misfire.FIRE_ONCE : Misfire.SKIP;
    }

    private String zone(Fields fields) {
        String zone = fields.text("zone", MAX_ZONE_LENGTH, null);
        if (zone == null) {
            return null;
        }
        try {
            if (!zone.isEmpty()) {
                Zones.of(zone, serverZone);
                return zone;
            }
        } catch (CronException e) {
            // said below with what null means here
        }
        fields.add("zone", "zone.invalid", "expected an IANA zone name such as Europe/Berlin, or null for the server's, found " + Shown.text(zone));
        return null;
    }

    private String schedule(Fields fields, String zone) {
        String schedule = fields.required("schedule", Timing.MAX_SCHEDULE_LENGTH);
        if (!fields.wrong("schedule")) {
            try {
                Schedule.parse(schedule, zone == null ? serverZone : Zones.of(zone, serverZone));
            } catch (CronException e) {
                fields.add("schedule", "cron.invalid", e.getMessage());
            }
        }
        return schedule;
    }

    /** {@code @every} counts from the moment from which the job fires as it does now. */
    private static JobSpec anchored(JobSpec spec, Job before, long now) {
        Timing t = spec.timing();
        Timing old = before == null ? null : before.spec().timing();
        boolean same = old != null && old.schedule().equals(t.schedule()) && Objects.equals(old.zone(), t.zone())
                && Objects.equals(old.startAt(), t.startAt()) && (before.spec().enabled() || !spec.enabled());
        Timing timing = new Timing(t.schedule(), t.zone(), same ? old.anchor() : now, t.startAt(), t.endAt(), t.misfire(), t.misfireMax());
        return new JobSpec(spec.name(), spec.comment(), spec.enabled(), timing, spec.route(), spec.limits(), spec.args());
    }
}
