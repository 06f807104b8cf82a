package io.natsjob.scenario;

import com.eclipsesource.json.JsonObject;
import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamInfo;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.FakeWorker;
import io.natsjob.testkit.HttpApi;
import io.natsjob.testkit.NatsCluster;
import io.natsjob.testkit.NatsServer;
import io.natsjob.testkit.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three NATS servers; the one that leads the bucket of answers is killed under load: fires go on, and every answer reaches the database. */
@Tag("fault")
final class NatsClusterTest {
    private static final String RUN_OUTCOMES = "'success','fail','expired','sent'";
    private static final int TIMEOUT_SECONDS = 30;
    /** For NATS to elect new leaders of its streams (docs/rules.md 38), then for a server of natsjob to take the lease anew, with a margin for a slow machine. */
    private static final double ELECTION_SECONDS = 8;
    private static final double MARGIN_SECONDS = 7;

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void a_killed_node_of_three_stops_nothing_for_long_and_loses_no_answer(Path binary) throws Exception {
        int jobs = Scene.size("verify.jobs", 20);
        int after = Scene.size("verify.seconds", 25);
        try (NatsCluster cluster = NatsCluster.start(binary, 3); ServerProcess server = ServerProcess.create(cluster.urls())) {
            server.setting("NATSJOB_RESULT_KEY_PRESET", "true").start();
            Eventually.awaitEqual("NATS is ready", Duration.ofSeconds(40), "available", () -> new HttpApi(server.address()).get("/readyz").text("jetStream"));
            String version = server.login().get("/natsjob/api/v1/info").expect(200).object().get("nats").asObject().getString("version", "?");
            Verdict verdict = new Verdict("NATS cluster of three, one node killed under load, " + 2 * jobs + " jobs, nats-server " + version);
            try (FakeWorker worker = FakeWorker.connect(cluster.urls())) {
                worker.subscribe("workers", "natsjob-void.job.start.app.biz.*");
                worker.subscribeDurable("natsjob", "witness", "workers", "natsjob.job.start.app.biz.*");
                verdict.that("replicas of stream and buckets", "3, of the lease's 1 before 2.9.21", replicas(cluster).toString(), replicas(cluster).entrySet().stream()
                        .allMatch(each -> each.getValue() == (each.getKey().equals("KV_natsjob-lb") && version.equals("2.9.10") ? 1 : 3)));
                long from = create(server.login(), jobs, 5 + after);
                long to = from + (4 + after) * 1_000L;
                Scene.until(from + 4_300);
                NatsServer victim = victim(cluster);
                victim.kill();
                long killed = System.currentTimeMillis();
                Scene.until(to + 1_500);
                HttpApi api = server.login();
                Eventually.awaitEqual("open runs", Duration.ofSeconds(TIMEOUT_SECONDS + 30), 0, () -> api.get("/natsjob/api/v1/summary").expect(200).object().getInt("running", -1));
                Eventually.awaitEqual("answers without acknowledgement", Duration.ofSeconds(30), 0, worker::unacknowledged);
                verdict.equal("exit status of a clean stop", 0, server.stop());
                judge(verdict, Ledger.of(server.database(), worker, RUN_OUTCOMES), worker, new Window(from, killed, to, jobs));
            }
            verdict.done();
        }
    }

    private record Window(long from, long killed, long to, int jobs) {}

    private static void judge(Verdict verdict, Ledger ledger, FakeWorker worker, Window window) {
        int seconds = (int) ((window.to - window.from) / 1_000) + 1;
        verdict.told("fires due", 2 * window.jobs * seconds);
        verdict.told("messages received", worker.count());
        verdict.told("runs by state", ledger.states());
        verdict.told("counted", ledger.tallies);
        verdict.told("latest message, ms after its second", Scene.percentile(ledger.lateness, 1));
        verdict.equal("the worker's own problems", Set.of(), worker.problems());
        verdict.equal("(job, second) received twice", 0, ledger.doubledMessages());
        verdict.equal("(job, second) recorded twice", 0, ledger.doubledRuns());
        verdict.equal("runs + counted, of all (job, second)", 2 * window.jobs * seconds, ledger.runs.size() + ledger.skipped());
        verdict.equal("answers that NATS acknowledged and the database has not", Set.of(), ledger.lost(answeredInTime(worker, ledger)));
        for (String kind : List.of("memory", "stored")) {
            double gap = gapSeconds(worker, kind, window);
            verdict.atMost("seconds without any fire on " + kind + " subjects after the kill (NATS' election: 5 to 8 s)", ELECTION_SECONDS + MARGIN_SECONDS, gap);
        }
        verdict.atLeast("fires of the last five seconds received, of " + 10 * window.jobs, 10 * window.jobs, received(worker, window.to - 4_000));
    }

    /** An answer that NATS could only take after the deadline is late, which is no loss. */
    private static Set<String> answeredInTime(FakeWorker worker, Ledger ledger) {
        Set<String> expired = ledger.runs.stream().filter(run -> run.state().equals("expired")).map(run -> Long.toString(run.id())).collect(Collectors.toSet());
        Set<String> all = new HashSet<>(worker.acknowledged());
        all.removeAll(expired);
        return all;
    }

    private static double gapSeconds(FakeWorker worker, String kind, Window window) {
        TreeSet<Long> arrivals = new TreeSet<>();
        worker.received().stream().filter(each -> each.jobName().startsWith(kind)).forEach(each -> arrivals.add(each.epochMillis()));
        long last = window.killed;
        long longest = 0;
        for (long arrival : arrivals.tailSet(window.killed)) {
            longest = Math.max(longest, arrival - last);
            last = arrival;
        }
        return Math.max(longest, window.to - last) / 1_000.0;
    }

    private static long received(FakeWorker worker, long since) {
        return worker.received().stream().filter(each -> each.epochMillis() >= since).map(each -> each.jobName() + each.job().getString("scheduledTime", "")).distinct().count();
    }

    /** Epoch milliseconds of the first fire. */
    private static long create(HttpApi api, int jobs, int seconds) {
        long from = (System.currentTimeMillis() / 1_000 + 4 + jobs / 20) * 1_000;
        for (int i = 0; i < jobs; i++) {
            for (String kind : List.of("memory", "stored")) {
                api.post("/natsjob/api/v1/jobs", new JsonObject().add("namespace", "app").add("app", "biz").add("name", kind + "-" + i).add("schedule", "* * * * * *")
                        .add("subjectModel", kind.equals("memory") ? "memory" : "jetStream").add("maxConcurrency", 1_000).add("timeoutSeconds", TIMEOUT_SECONDS).add("misfire", "skip")
                        .add("startAt", from).add("endAt", from + (seconds - 1) * 1_000L)).expect(201);
            }
        }
        return from;
    }

    /**
     * The node that leads the bucket of answers. Where that one keeps the only replica of the lease, as before 2.9.21 it may, nobody would lead until it is
     * back: then another one.
     */
    private static NatsServer victim(NatsCluster cluster) throws Exception {
        try (Connection raw = cluster.connect()) {
            JetStreamManagement streams = raw.jetStreamManagement();
            String leader = streams.getStreamInfo(Buckets.streamOf(Buckets.RESULTS)).getClusterInfo().getLeader();
            StreamInfo lease = streams.getStreamInfo(Buckets.streamOf(Buckets.LEADER));
            boolean alone = lease.getConfiguration().getReplicas() == 1 && lease.getClusterInfo().getLeader().equals(leader);
            return alone ? cluster.other(leader) : cluster.named(leader);
        }
    }

    private static Map<String, Integer> replicas(NatsCluster cluster) throws Exception {
        try (Connection raw = cluster.connect()) {
            return raw.jetStreamManagement().getStreams().stream().collect(Collectors.toMap(each -> each.getConfiguration().getName(), each -> each.getConfiguration().getReplicas()));
        }
    }
}
