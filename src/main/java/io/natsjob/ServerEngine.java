package io.natsjob;

import io.natsjob.dispatch.ManualRuns;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.NatsState;
import io.natsjob.store.JobTable;
import io.natsjob.web.Engine;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** The scheduler as the web sees it: asks whatever leads at the moment. */
final class ServerEngine implements Engine {
    private final LeaderContext context;
    private final LeaderLoop leader;
    private final Election election;
    private final long startedAt;

    ServerEngine(LeaderContext context, LeaderLoop leader, Election election) {
        this.context = context;
        this.leader = leader;
        this.election = election;
        this.startedAt = context.time().millis();
    }

    @Override
    public RunNow run(long jobId, String args, boolean force) {
        Optional<Job> job = context.database().read(sql -> JobTable.find(sql, jobId));
        if (job.isEmpty()) {
            return new RunNow.Gone();
        }
        Optional<LeaderTerm> term = leader.running();
        if (term.isEmpty()) {
            return refused(SkipReason.NO_LEADER);
        }
        ManualRuns.Result result = term.get().manual().run(job.get(), args == null ? job.get().spec().args() : args, force);
        return result.refusal() == null ? new RunNow.Sent(result.taskId()) : refused(result.refusal());
    }

    private static RunNow refused(SkipReason reason) {
        return new RunNow.Refused(reason.word(), switch (reason) {
            case NO_LEADER -> "no server leads at the moment";
            case NATS_DOWN -> "NATS cannot be reached, or lacks stream or buckets";
            case PAUSED -> "firing is paused";
            case DISABLED -> "the job, its app or its namespace is disabled; force passes over that";
            case WINDOW -> "now lies outside startAt and endAt; force passes over that";
            case CONCURRENCY -> "as many runs as maxConcurrency allows are open; force passes over that";
            case REFUSED -> "JetStream refused the message, see the log";
            default -> "not sent: " + reason.word();
        });
    }

    @Override
    public End end(long taskId, String reason) {
        return leader.running().map(term -> switch (term.results().end(taskId, reason)) {
            case ENDED -> End.ENDED;
            case FINAL -> End.FINAL;
            case UNKNOWN -> End.UNKNOWN;
        }).orElse(End.UNKNOWN);
    }

    @Override
    public void changed() {
        leader.running().ifPresent(LeaderTerm::changed);
    }

    @Override
    public int running(long jobId) {
        return leader.running().map(term -> term.open().running(jobId)).orElse(0);
    }

    @Override
    public int running(String namespace) {
        return leader.running().map(term -> term.open().running(namespace)).orElse(0);
    }

    @Override
    public int runningTotal() {
        return leader.running().map(term -> term.open().running()).orElse(0);
    }

    @Override
    public OptionalLong sentAt(long taskId) {
        return leader.running().flatMap(term -> term.open().find(taskId)).map(run -> OptionalLong.of(run.sentAt())).orElse(OptionalLong.empty());
    }

    @Override
    public boolean leads() {
        return context.leadership().leads();
    }

    @Override
    public String standing() {
        return election.standing().words();
    }

    @Override
    public long term() {
        return context.leadership().number();
    }

    @Override
    public String serverId() {
        return election.serverId();
    }

    @Override
    public long startedAt() {
        return startedAt;
    }

    @Override
    public int dbWritesInFlight() {
        return leader.running().map(term -> term.results().writer().inFlight()).orElse(0);
    }

    @Override
    public NatsView nats() {
        NatsState state = context.link().state();
        String problem = state.problem() != null ? state.problem() : context.setup().problem();
        return new NatsView(state.connected(), state.url(), state.version(), state.connected() && context.setup().ready(), problem, state.sinceMillis());
    }

    @Override
    public Map<String, Long> answersIgnored() {
        return context.ignored().counts();
    }
}
