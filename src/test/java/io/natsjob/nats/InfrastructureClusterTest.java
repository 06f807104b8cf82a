package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.StreamConfiguration;
import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsCluster;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InfrastructureClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String LEASE = "KV_natsjob-lb";
    private static final String OLD_WARNING = "a NATS cluster older than 2.9.21";

    private final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final Log.Sink before = Log.setSink(new Log.Sink() {
        @Override
        public boolean accepts(Level level) {
            return level != Level.DEBUG;
        }

        @Override
        public void write(LogLine line) {
            lines.add(line);
        }
    });

    @AfterEach
    void restore() {
        Log.setSink(before);
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void three_servers_keep_three_replicas_but_for_the_lease_on_an_old_nats(Path binary) throws Exception {
        try (NatsCluster cluster = NatsCluster.start(binary, 3); NatsLink link = link(cluster.urls())) {
            Infrastructure infrastructure = new Infrastructure(link, 1L << 28);
            Eventually.awaitEqual("problems", LIMIT, List.of(), infrastructure::ensure);
            boolean old = Versions.older(link.state().version(), 2, 9, 21);
            Map<String, Integer> expected = new TreeMap<>(Map.of("natsjob", 3, "KV_natsjob-job-results", 3, "KV_natsjob-heartbeat", 3, LEASE, old ? 1 : 3));
            assertEquals(expected, replicas(cluster));
            assertEquals(List.of(), infrastructure.ensure());
            assertEquals(old ? 1 : 0, logged(OLD_WARNING), "said once");
            assertEquals(0, logged("an existing NATS stream is kept"), lines.toString());
        }
    }

    @Test
    void what_exists_stays_as_it_is_and_is_told_once_with_what_to_do() throws Exception {
        try (NatsCluster cluster = NatsCluster.start(NatsServer.binaries().findFirst().orElseThrow(), 3); NatsLink link = link(cluster.urls());
                Connection raw = cluster.connect()) {
            raw.jetStreamManagement().addStream(StreamConfiguration.builder().name("natsjob").subjects("natsjob.>").duplicateWindow(Duration.ofMinutes(2)).build());
            Infrastructure infrastructure = new Infrastructure(link, 1L << 28);
            Eventually.awaitEqual("problems", LIMIT, List.of(), infrastructure::ensure);
            infrastructure.ensure();
            assertEquals(1, replicas(cluster).get("natsjob"));
            assertEquals(1, logged("an existing NATS stream is kept"), lines.toString());
            String words = lines.stream().filter(line -> line.message().startsWith("an existing")).findFirst().orElseThrow().fields().toString();
            assertTrue(words.contains("num_replicas") && words.contains("nats stream edit natsjob --replicas=3"), words);
        }
    }

    @Test
    void one_replica_can_be_asked_for() throws Exception {
        try (NatsCluster cluster = NatsCluster.start(NatsServer.binaries().findFirst().orElseThrow(), 3); NatsLink link = link(cluster.urls())) {
            Eventually.awaitEqual("problems", LIMIT, List.of(), new Infrastructure(link, 1L << 28, 1)::ensure);
            assertEquals(List.of(1, 1, 1, 1), List.copyOf(replicas(cluster).values()));
        }
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void two_servers_keep_one_replica_after_they_had_time_to_become_three(Path binary) throws Exception {
        try (NatsCluster cluster = NatsCluster.start(binary, 2); NatsLink link = link(cluster.urls())) {
            Infrastructure infrastructure = new Infrastructure(link, 1L << 28);
            for (int i = 0; i < Infrastructure.PEER_TRIES; i++) {
                List<String> problems = infrastructure.ensure();
                assertTrue(problems.size() >= 3 && problems.getFirst().contains("has not enough servers with JetStream and room"), problems.toString());
            }
            assertEquals(List.of(), infrastructure.ensure());
            assertEquals(List.of(1, 1, 1, 1), List.copyOf(replicas(cluster).values()));
            assertEquals(List.of(), infrastructure.ensure());
            assertEquals(0, logged("an existing NATS stream is kept"), lines.toString());
        }
    }

    @Test
    void three_replicas_that_were_asked_for_are_not_replaced_by_one() {
        try (NatsServer server = NatsServer.create().start(); NatsLink link = link(server.url())) {
            List<String> problems = new Infrastructure(link, 1L << 28, 3).ensure();
            assertEquals(4, problems.size());
            assertTrue(problems.getFirst().contains("not in a cluster") && problems.getFirst().contains("NATSJOB_NATS_REPLICAS"), problems.getFirst());
        }
    }

    private static NatsLink link(String urls) {
        NatsLink link = new NatsLink(new NatsOptions(List.of(urls.split(",")), null, null, null, "test"), Clock.system());
        link.start();
        Eventually.await("connected", LIMIT, link::connected);
        return link;
    }

    private static Map<String, Integer> replicas(NatsCluster cluster) throws Exception {
        Map<String, Integer> replicas = new TreeMap<>();
        try (Connection raw = cluster.connect()) {
            JetStreamManagement streams = raw.jetStreamManagement();
            for (String name : streams.getStreamNames()) {
                replicas.put(name, streams.getStreamInfo(name).getConfiguration().getReplicas());
            }
        }
        return replicas;
    }

    private long logged(String start) {
        return lines.stream().filter(line -> line.message().startsWith(start)).count();
    }
}
