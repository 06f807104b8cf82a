package io.natsjob;

import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.dispatch.Sender;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
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
    /** The former leader may have sent this much after the deadline in the row was reckoned. */
    private static final long LATE_MILLIS = 1_000;

    private record Unknown(Fire fire, OpenRun run) {}

    private final Roster roster;
    private final OpenRuns open;
    private final Inherited inherited;
    private final List<Unknown> unknown = new ArrayList<>();

    TakenOver(Term term, Roster roster, OpenRuns open) {
        this.inherited = new Inherited(term);
        this.roster = roster;
        this.open = open;
    }

    void add(StoredOpenRun row) {
        int slot = roster.slot(row.jobId());
        Job job = roster.job(slot);
        boolean fires = job != null && job.spec().recorded() && (job.version() == row.jobVersion() || roster.firesAt(slot, row.fireAt()));
        Fire fire = new Fire(slot, job, row.fireAt(), row.id(), row.trigger(), true, row.args(), row.deadlineAt());
        Inherited.Kind kind = inherited.add(row, fires ? fire : null);
        if (kind == Inherited.Kind.HALF_CLAIMED || kind == Inherited.Kind.AHEAD && fires) {
            return;
        }
        OpenRun run = new OpenRun(row.id(), row.jobId(), row.names(), row.trigger(), row.fireAt(), row.deadlineAt(), row.deadlineAt() + LATE_MILLIS, due(row));
        open.add(run);
        if (kind != Inherited.Kind.SENT) {
            run.doubt(fires ? SkipReason.UNKNOWN : SkipReason.CHANGED);
            if (fires && job.spec().route().subjectModel() == SubjectModel.JET_STREAM) {
                unknown.add(new Unknown(fire, run));
            }
        }
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
        unknown.forEach(each -> sender.resend(each.fire, each.run));
    }

    int size() {
        return open.running() + inherited.ahead();
    }
}
