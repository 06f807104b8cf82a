package io.natsjob;

import io.natsjob.nats.NatsState;
import io.natsjob.web.Engine;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The scheduler as the web sees it: asks whatever leads at the moment, here or elsewhere. */
final class ServerEngine implements Engine {
    private static final Duration LOAD_WAIT = Duration.ofSeconds(3);

    private final LeaderContext context;
    private final LeaderLoop leader;
    private final Election election;
    private final ClusterView cluster;
    private final Troubles troubles;
    private final long startedAt;
    private final Leader elsewhere;

    ServerEngine(LeaderContext context, LeaderLoop leader, Election election, ClusterView cluster, Troubles troubles) {
        this.context = context;
        this.leader = leader;
        this.election = election;
        this.cluster = cluster;
        this.troubles = troubles;
        this.startedAt = context.time().millis();
        this.elsewhere = new RemoteLeader(context.commands());
    }

    @Override
    public RunNow run(long jobId, String args, String workerId, boolean force) {
        return commanded().run(jobId, args, workerId, force);
    }

    @Override
    public End end(long taskId, String reason) {
        return commanded().end(taskId, reason);
    }

    @Override
    public Optional<Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace) {
        return current().facts(jobs, tasks, namespace);
    }

    @Override
    public void changed() {
        Optional<LeaderTerm> here = leader.running();
        here.ifPresent(LeaderTerm::changed);
        if (here.isEmpty()) {
            context.commands().announceChange();
        }
    }

    private Leader current() {
        return leader(leader.running());
    }

    /** A command may come a moment before a new leader has loaded. */
    private Leader commanded() {
        return leader(leader.awaitRunning(LOAD_WAIT));
    }

    private Leader leader(Optional<LeaderTerm> here) {
        return here.<Leader>map(term -> new LocalLeader(context, term)).orElse(elsewhere);
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
    public NatsView nats() {
        NatsState state = context.link().state();
        String problem = Stream.of(state.problem(), context.setup().problem(), context.publishing().refusal()).filter(Objects::nonNull).findFirst().orElse(null);
        return new NatsView(state.connected(), state.url(), state.version(), state.connected() && context.setup().ready(), problem, state.sinceMillis());
    }

    @Override
    public List<Trouble> troubles() {
        return troubles.now();
    }

    @Override
    public List<WorkerView> workers(String namespace, String app) {
        return cluster.workers(namespace, app);
    }

    @Override
    public int workers(String namespace) {
        return cluster.workers(namespace);
    }

    @Override
    public List<ServerView> servers() {
        return cluster.servers();
    }

    @Override
    public Map<String, Long> heartbeatsIgnored() {
        return cluster.heartbeatsIgnored();
    }
}
