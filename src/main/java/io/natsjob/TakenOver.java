package io.natsjob;

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
import io.natsjob.trigger.Roster;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The open runs that a leader finds at its start: sent ones wait for their answer; claims that lie ahead are this leader's to
 * send (docs/rules.md 10); those whose outcome is unknown go out again where the stream drops a copy (docs/rules.md 17).
 */
final class TakenOver {
    /** The former leader may have sent this much after the deadline in the row was reckoned. */
    private static final long LATE_MILLIS = 1_000;

    private record Unknown(Fire fire, OpenRun run) {}

    private final Term term;
    private final Roster roster;
    private final OpenRuns open;
    private final Map<Long, List<Fire>> ahead = new HashMap<>();
    private final List<Unknown> unknown = new ArrayList<>();

    TakenOver(Term term, Roster roster, OpenRuns open) {
        this.term = term;
        this.roster = roster;
        this.open = open;
    }

    void add(StoredOpenRun row) {
        int slot = roster.slot(row.jobId());
        Job job = roster.job(slot);
        boolean fires = job != null && (job.version() == row.jobVersion() || roster.firesAt(slot, row.fireAt()));
        Fire fire = new Fire(slot, job, row.fireAt(), row.id(), row.trigger(), true, row.args(), row.deadlineAt());
        if (fires && row.trigger() == RunTrigger.CRON && row.fireAt() > term.takenAt()) {
            ahead.computeIfAbsent(row.fireAt(), second -> new ArrayList<>()).add(fire);
            return;
        }
        OpenRun run = new OpenRun(row.id(), row.jobId(), row.names(), row.trigger(), row.fireAt(), row.deadlineAt(), row.deadlineAt() + LATE_MILLIS, row.fireAt());
        open.add(run);
        if (row.fireAt() > term.marks().settled()) {
            run.doubt(job == null || !fires ? SkipReason.CHANGED : SkipReason.UNKNOWN);
            if (fires && job.spec().route().subjectModel() == SubjectModel.JET_STREAM) {
                unknown.add(new Unknown(fire, run));
            }
        }
    }

    /** By second, epoch milliseconds: claims to send at their time. */
    Map<Long, List<Fire>> ahead() {
        return ahead;
    }

    void resend(Sender sender) {
        unknown.forEach(each -> sender.resend(each.fire, each.run));
    }

    int size() {
        return open.running() + ahead.values().stream().mapToInt(List::size).sum();
    }
}
