package io.natsjob.web;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine in memory that does what the test says. */
final class FakeEngine implements Engine {
    final AtomicInteger changes = new AtomicInteger();
    final Map<Long, Long> sent = new ConcurrentHashMap<>();
    final Map<Long, Integer> running = new ConcurrentHashMap<>();
    final Map<String, Integer> runningByNamespace = new ConcurrentHashMap<>();
    final Map<String, Long> ignored = new TreeMap<>();
    volatile RunNow nextRun = new RunNow.Sent(77);
    volatile End nextEnd = End.UNKNOWN;
    volatile String ran = "";
    volatile String ended = "";
    volatile Runnable onEnd = () -> { };
    volatile NatsView nats = new NatsView(true, "nats://127.0.0.1:4222", "2.9.10", true, null, 5);

    @Override
    public RunNow run(long jobId, String args, boolean force) {
        ran = jobId + " " + args + " " + force;
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
    public int running(long jobId) {
        return running.getOrDefault(jobId, 0);
    }

    @Override
    public int running(String namespace) {
        return runningByNamespace.getOrDefault(namespace, 0);
    }

    @Override
    public int runningTotal() {
        return runningByNamespace.values().stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public OptionalLong sentAt(long taskId) {
        Long at = sent.get(taskId);
        return at == null ? OptionalLong.empty() : OptionalLong.of(at);
    }

    @Override
    public String standing() {
        return "this server leads";
    }

    @Override
    public boolean leads() {
        return true;
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
    public int dbWritesInFlight() {
        return 2;
    }

    @Override
    public NatsView nats() {
        return nats;
    }

    @Override
    public Map<String, Long> answersIgnored() {
        return Map.copyOf(ignored);
    }
}
