package io.natsjob;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.dispatch.Sender;
import io.natsjob.job.Category;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Model;
import io.natsjob.job.Route;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.store.PartEnd;
import io.natsjob.store.StoredOpenRun;
import io.natsjob.trigger.Inherited;
import io.natsjob.trigger.Roster;
import java.util.ArrayList;
import java.util.List;

/**
 * The open runs that a leader finds at its start: sent ones wait for their answer; claims that lie ahead are this leader's to
 * send (docs/rules.md 10); those whose outcome is unknown go out again where the stream drops a copy (docs/rules.md 17).
 */
final class TakenOver {
    /** Where no second waits for its fires the settled mark runs ahead of the clock, by this much at most. */
    private static final long SETTLED_AHEAD_MILLIS = 60_000;

    /** @param firstTry epoch milliseconds before which it was surely not sent */
    private record Unknown(Fire fire, OpenRun run, long firstTry) {}

    private final Term term;
    private final Roster roster;
    private final OpenRuns open;
    private final Inherited inherited;
    private final List<Unknown> unknown = new ArrayList<>();

    TakenOver(Term term, Roster roster, OpenRuns open) {
        this.term = term;
        this.inherited = new Inherited(term);
        this.roster = roster;
        this.open = open;
    }

    /** Whether the run is a map's that has, or had, a main step before it. */
    static boolean ofMap(StoredOpenRun row) {
        return row.step() == RunStep.PRE || row.stepAt() != null;
    }

    /** @param deleted the job of a map's run where it is deleted, null where nobody knows it any more */
    void add(StoredOpenRun row, Job deleted) {
        int slot = roster.slot(row.jobId());
        Job job = roster.job(slot);
        if (row.stepAt() != null) {
            mainStep(row, mainStep(row, job == null ? deleted : job));
            return;
        }
        boolean same = job != null && job.spec().recorded() && job.spec().route().category().firstStep() == row.step() && addressedLike(row, job);
        boolean fires = same && (job.version() == row.jobVersion() || roster.firesAt(slot, row.fireAt()));
        Fire fire = fire(row, slot, job);
        Inherited.Kind kind = inherited.add(row, fires ? fire : null);
        if (kind == Inherited.Kind.HALF_CLAIMED || kind == Inherited.Kind.AHEAD && fires) {
            return;
        }
        OpenRun run = openRun(row);
        if (row.step() == RunStep.PRE) {
            run.inFirstStep(mainStep(row, job == null ? deleted : job));
        }
        open.add(run);
        if (kind != Inherited.Kind.SENT) {
            run.doubt(fires ? SkipReason.UNKNOWN : SkipReason.CHANGED);
            // One without workers was surely not sent, and its time is over.
            if (fires && stored(fire) && (row.parts() != null || !job.spec().route().addressed())) {
                unknown.add(new Unknown(fire, run, due(row)));
            }
        }
    }

    /** Whether the row has the workers, or the free ids for them, that a fire of the job needs as it stands now. */
    private static boolean addressedLike(StoredOpenRun row, Job job) {
        Route route = job.spec().route();
        if (row.parts() == null) {
            return !route.addressed() || job.version() == row.jobVersion();
        }
        return route.addressed() && route.sharded() == row.parts().broadcast();
    }

    /** A part of an open run that has ended, to be called after {@link #add} of the run. */
    void add(PartEnd part) {
        open.restore(part);
    }

    /** A map whose main step is committed (docs/rules.md 20). */
    private void mainStep(StoredOpenRun row, Fire fire) {
        OpenRun run = openRun(row);
        open.add(run);
        if (row.stepAt() > term.left().settled() - SETTLED_AHEAD_MILLIS) {
            run.doubt(SkipReason.UNKNOWN);
            if (fire != null && stored(fire)) {
                unknown.add(new Unknown(fire, run, row.stepAt()));
            }
        }
    }

    private static OpenRun openRun(StoredOpenRun row) {
        return new OpenRun(row.id(), row.jobId(), row.names(), row.trigger(), row.fireAt(), row.deadlineAt(), row.deadlineAt() + Sender.LATE_MILLIS, due(row))
                .to(row.parts());
    }

    private static Fire fire(StoredOpenRun row, int slot, Job job) {
        return new Fire(slot, job, row.fireAt(), row.id(), row.trigger(), true, row.args(), row.deadlineAt(), row.parts());
    }

    /** What the main step of the row's map is sent with: the job as it stands now, still as a map with runs whatever it has become. */
    private static Fire mainStep(StoredOpenRun row, Job job) {
        if (job == null) {
            return null;
        }
        JobSpec spec = job.spec();
        Model model = spec.recorded() && spec.route().model() != Model.ULTRA ? spec.route().model() : Model.MAX;
        Route route = new Route(Category.MAP, model, spec.route().subjectModel(), spec.route().condition());
        JobSpec map = new JobSpec(spec.name(), spec.comment(), spec.enabled(), spec.timing(), route, spec.limits(), spec.args());
        return fire(row, Fire.NO_SLOT, new Job(job.id(), job.version(), job.app(), map, job.createdAt(), job.updatedAt()));
    }

    private static boolean stored(Fire fire) {
        return fire.job().spec().route().subjectModel() == SubjectModel.JET_STREAM;
    }

    /** A run that makes up a missed fire goes out when its row is made. */
    private static long due(StoredOpenRun row) {
        return row.trigger() == RunTrigger.MISFIRE ? RunIds.millis(row.id()) : row.fireAt();
    }

    /** Claims that are this leader's to send or to remove. */
    Inherited inherited() {
        return inherited;
    }

    void resend(Sender sender) {
        unknown.forEach(each -> sender.resend(each.fire, each.run, each.firstTry));
    }

    int size() {
        return open.running() + inherited.ahead();
    }
}
