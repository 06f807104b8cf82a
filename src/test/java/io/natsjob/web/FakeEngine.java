package io.natsjob.web;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine in memory that does what the test says. */
final class FakeEngine implements Engine {
    final AtomicInteger changes = new AtomicInteger();
    final Map<Long, Long> sent = new ConcurrentHashMap<>();
    final Map<Long, Integer> running = new ConcurrentHashMap<>();
    final Map<String, Integer> runningByNamespace = new ConcurrentHashMap<>();
    final Map<String, Long> ignored = new TreeMap<>();
    final List<WorkerView> workers = new CopyOnWriteArrayList<>();
    final List<Trouble> troubles = new CopyOnWriteArrayList<>();
    final List<ServerView> servers = new CopyOnWriteArrayList<>();
    volatile RunNow nextRun = new RunNow.Sent(77);
    volatile End nextEnd = End.UNKNOWN;
    volatile boolean leads = true;
    volatile boolean leaderAnswers = true;
    volatile String ran = "";
    volatile String ended = "";
    volatile Runnable onEnd = () -> { };
    volatile NatsView nats = new NatsView(true, "nats://127.0.0.1:4222", "2.9.10", true, null, 5);

    @Override
    public RunNow run(long jobId, String args, String workerId, boolean force) {
        ran = jobId + " " + args + (workerId == null ? "" : " to " + workerId) + " " + force;
        return nextRun;
    }

    @Override
    public End end(long taskId, String reason) {
        ended = taskId + " " + reason;
        onEnd.run();
        return nextEnd;
    }

    @Override
    public void changed() {
        changes.incrementAndGet();
    }

    @Override
    public Optional<Facts> facts(Set<Long> jobs, Set<Long> tasks, String namespace) {
        if (!leaderAnswers) {
            return Optional.empty();
        }
        Map<Long, Long> counts = new TreeMap<>();
        running.forEach((job, count) -> {
            if (jobs.contains(job)) {
                counts.put(job, count.longValue());
            }
        });
        Map<Long, Long> at = new TreeMap<>(sent);
        at.keySet().retainAll(tasks);
        int open = namespace == null ? runningByNamespace.values().stream().mapToInt(Integer::intValue).sum() : runningByNamespace.getOrDefault(namespace, 0);
        return Optional.of(new Facts(counts, at, open, 4, 2, Map.copyOf(ignored)));
    }

    @Override
    public String standing() {
        return leads ? "this server leads" : "no server leads at the moment";
    }

    @Override
    public boolean leads() {
        return leads;
    }

    @Override
    public long term() {
        return 3;
    }

    @Override
    public String serverId() {
        return "server-1";
    }

    @Override
    public long startedAt() {
        return 1_000;
    }

    @Override
    public NatsView nats() {
        return nats;
    }

    @Override
    public List<Trouble> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public List<WorkerView> workers(String namespace, String app) {
        return workers.stream().filter(worker -> (namespace == null || worker.namespace().equals(namespace)) && (app == null || worker.app().equals(app))).toList();
    }

    @Override
    public int workers(String namespace) {
        return workers(namespace, null).size();
    }

    @Override
    public List<ServerView> servers() {
        return List.copyOf(servers);
    }

    @Override
    public Map<String, Long> heartbeatsIgnored() {
        return Map.of("empty", 3L);
    }
}
