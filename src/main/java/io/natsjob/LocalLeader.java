package io.natsjob;

import io.natsjob.dispatch.ManualRuns;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.Job;
import io.natsjob.job.Parts;
import io.natsjob.job.SkipReason;
import io.natsjob.store.JobTable;
import io.natsjob.web.Engine.End;
import io.natsjob.web.Engine.Facts;
import io.natsjob.web.Engine.RunNow;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** This server leads. */
final class LocalLeader implements Leader {
    private final LeaderContext context;
    private final LeaderTerm term;

    LocalLeader(LeaderContext context, LeaderTerm term) {
        this.context = context;
        this.term = term;
    }

    @Override
    public RunNow run(long jobId, String args, String workerId, boolean force) {
        Optional<Job> job = context.database().read(sql -> JobTable.find(sql, jobId));
        if (job.isEmpty()) {
            return new RunNow.Gone();
        }
        ManualRuns.Result result = term.manual().run(job.get(), args == null ? job.get().spec().args() : args, workerId, force);
        if (result.refusal() == SkipReason.NO_WORKER && workerId != null) {
            return new RunNow.Refused(SkipReason.NO_WORKER.word(), "no worker " + workerId + " of the app lives that takes jobs (its weight is above 0)");
        }
        return result.refusal() == null ? new RunNow.Sent(result.taskId()) : refused(result.refusal());
    }

    static RunNow refused(SkipReason reason) {
        return new RunNow.Refused(reason.word(), switch (reason) {
            case NO_LEADER -> "no server leads at the moment";
            case NATS_DOWN -> "NATS cannot be reached, or lacks stream or buckets";
            case PAUSED -> "firing is paused";
            case DISABLED -> "the job, its app or its namespace is disabled; force passes over that";
            case WINDOW -> "now lies outside startAt and endAt; force passes over that";
            case CONCURRENCY -> "as many runs as maxConcurrency allows are open; force passes over that";
            case NO_WORKER -> "no worker of the app lives, or none with a weight above 0 for model ultra: heartbeats are missing";
            case TOO_MANY_WORKERS -> "more than " + Parts.MAX + " workers of the app live";
            case REFUSED -> "JetStream refused the message, see the log";
            default -> "not sent: " + reason.word();
        });
    }

    @Override
    public End end(long taskId, String reason) {
        if (!term.leads()) {
            // By its end here the run would stay open in the memory of the one that leads.
            return End.NO_LEADER;
        }
        return switch (term.results().end(taskId, reason)) {
            case ENDED -> End.ENDED;
            case FINAL -> End.FINAL;
            case UNKNOWN -> End.UNKNOWN;
        };
    }

    @Override
    public Optional<Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace) {
        OpenRuns open = term.open();
        Map<Long, Long> running = new HashMap<>();
        for (long job : jobs) {
            int count = open.running(job);
            if (count > 0) {
                running.put(job, (long) count);
            }
        }
        Map<Long, Long> sentAt = new HashMap<>();
        for (long task : tasks) {
            open.find(task).map(OpenRun::sentAt).ifPresent(at -> sentAt.put(task, at));
        }
        return Optional.of(new Facts(running, sentAt, namespace == null ? open.running() : open.running(namespace), open.runningParts(namespace), term.results().writer().inFlight(),
                context.ignored().counts()));
    }
}
