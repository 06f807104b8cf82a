package io.natsjob.result;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.Names;
import io.natsjob.job.RunNames;
import io.natsjob.log.Log;
import io.natsjob.store.Known;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.Step;
import io.natsjob.store.StepTable;
import io.natsjob.store.StoreException;
import io.natsjob.time.SteadyTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The transaction of a group of steps, and what follows from its commit. Stores a step once: what is there already under its origin stays
 * (docs/rules.md 30). Only what this very server has stored is told to listeners. For the reader's thread.
 */
final class StepBatch implements PatientWriter.Group<PendingStep, StepBatch.Written> {
    private static final Log LOG = Log.of("result");

    /**
     * What a transaction did.
     *
     * @param ours    stored by it, or by a former try of it
     * @param refused steps that are not to be stored, and why
     * @param strays  the times of the stored ones whose run is not in the database
     */
    record Written(List<Step> ours, Map<PendingStep, String> refused, List<Long> strays) {}

    private final RunIds ids;
    private final Monitor monitor;
    private final IgnoredAnswers ignored;
    private final SteadyTime time;
    private final StrayLimit limit = new StrayLimit();
    private final PatientWriter patient;

    StepBatch(RunIds ids, Monitor monitor, IgnoredAnswers ignored, SteadyTime time, PatientWriter patient) {
        this.ids = ids;
        this.monitor = monitor;
        this.ignored = ignored;
        this.time = time;
        this.patient = patient;
    }

    @Override
    public Written write(Sql sql, List<PendingStep> group) {
        Map<Long, Long> stored = StepTable.stored(sql, group.getFirst().origin.streamCreated(), group.stream().map(each -> each.origin.sequence()).toList());
        Map<Long, Known> known = RunTable.known(sql, group.stream().map(each -> each.report.taskId()).distinct().toList());
        Written written = new Written(new ArrayList<>(), new HashMap<>(), new ArrayList<>());
        List<Step> fresh = new ArrayList<>();
        for (PendingStep pending : group) {
            Known run = known.get(pending.report.taskId());
            RunNames names = run == null ? pending.report.names() : run.names();
            Long there = stored.get(pending.origin.sequence());
            String why = there == null ? refusal(pending, run, written) : null;
            if (why != null) {
                written.refused.put(pending, why);
            } else if (there == null || there == pending.id) {
                Step step = row(pending, names);
                written.ours.add(step);
                if (there == null) {
                    fresh.add(step);
                    if (run == null) {
                        written.strays.add(pending.takenAt);
                    }
                }
            }
        }
        StepTable.insert(sql, fresh);
        return written;
    }

    /** Why not to store it, or null. A name that the worker leaves out is no contradiction. */
    private String refusal(PendingStep pending, Known run, Written written) {
        RunNames names = pending.report.names();
        if (run != null) {
            RunNames of = run.names();
            return fits(names.namespace(), of.namespace()) && fits(names.app(), of.app()) && fits(names.job(), of.job()) ? null : "step-foreign";
        }
        if (!Names.valid(names.namespace()) || !Names.valid(names.app()) || !Names.valid(names.job())) {
            return "step-unknown";
        }
        return limit.room(pending.takenAt, written.strays.size()) ? null : "step-too-many";
    }

    private static boolean fits(String given, String name) {
        return given.isEmpty() || given.equals(name);
    }

    private static Step row(PendingStep pending, RunNames names) {
        var report = pending.report;
        return new Step(pending.id, report.taskId(), names, new Step.Report(report.source().clientId(), report.source().sceneId(), report.source().sceneName(),
                report.status(), report.reason(), report.alarm().monitorStatus(), report.alarm().monitorPayload(), report.times().startAt(),
                report.times().endAt()), pending.takenAt, pending.origin);
    }

    @Override
    public void committed(List<PendingStep> group, Written written) {
        written.refused.forEach((pending, why) -> ignored.count(why, pending.key()));
        written.strays.forEach(limit::stored);
        written.ours.stream().filter(step -> !step.report().monitorStatus().isEmpty()).forEach(monitor::stored);
    }

    /** A row under this id or origin that came in between is found by a second look; everything else is kept apart. */
    @Override
    public void poisonous(PendingStep alone, StoreException refusal) throws InterruptedException {
        if (refusal.kind() == StoreException.Kind.DUPLICATE) {
            alone.id = ids.next();
            try {
                List<PendingStep> group = List.of(alone);
                committed(group, patient.write(sql -> write(sql, group)));
                return;
            } catch (StoreException again) {
                LOG.warn("a step meets another one twice", "step", alone.key(), "why", again.getMessage());
            }
        }
        LOG.error("the database refuses a step, it is parked", refusal, "step", alone.key());
        try {
            patient.write(sql -> {
                ParkedTable.insert(sql, time.millis(), alone.key(), alone.report.toString(), refusal.getMessage());
                return null;
            });
        } catch (StoreException e) {
            LOG.error("a step can be neither stored nor parked, it is in the stream only", e, "step", alone.key());
        }
    }
}
