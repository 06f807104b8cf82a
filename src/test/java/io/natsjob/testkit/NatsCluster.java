package io.natsjob.testkit;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Real nats-servers with JetStream in one cluster on the loopback address. Each can be killed and started again by itself. */
public final class NatsCluster implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(60);

    private final List<NatsServer> nodes = new ArrayList<>();

    private NatsCluster(Path binary, int size) {
        List<Integer> ports = IntStream.range(0, size).mapToObj(i -> Ports.free()).toList();
        String routes = ports.stream().map(port -> "\"nats://127.0.0.1:" + port + "\"").collect(Collectors.joining(", "));
        for (int port : ports) {
            nodes.add(NatsServer.create().binary(binary).config("cluster { name: \"test\", listen: \"127.0.0.1:" + port + "\", routes: [" + routes + "] }"));
        }
    }

    /** Started; JetStream takes requests when this returns. */
    public static NatsCluster start(Path binary, int size) {
        NatsCluster cluster = new NatsCluster(binary, size);
        try {
            cluster.nodes.forEach(NatsServer::start);
            cluster.awaitJetStream();
            return cluster;
        } catch (RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    /** Returns when JetStream answers: it has a leader. */
    public void awaitJetStream() {
        Eventually.await("JetStream of the cluster", START_LIMIT, () -> {
            try (Connection connection = connect()) {
                connection.jetStreamManagement().getStreamNames();
                return true;
            } catch (IOException | JetStreamApiException | InterruptedException notYet) {
                return false;
            }
        });
    }

    public NatsServer node(int index) {
        return nodes.get(index);
    }

    /** The node whose server calls itself so, as in the answers about a stream. */
    public NatsServer named(String serverName) {
        return nodes.stream().filter(node -> serverName.equals(node.name())).findFirst().orElseThrow(() -> new AssertionError("no node " + serverName));
    }

    /** Any other node. */
    public NatsServer other(String serverName) {
        return nodes.stream().filter(node -> !serverName.equals(node.name())).findFirst().orElseThrow();
    }

    /** All nodes, as natsjob's setting takes them. */
    public String urls() {
        return nodes.stream().map(NatsServer::url).collect(Collectors.joining(","));
    }

    /** A connection to any living node. The test closes it. */
    public Connection connect() throws IOException, InterruptedException {
        return Nats.connect(Options.builder().server(urls()).connectionName("test").errorListener(new QuietErrors()).maxReconnects(-1)
                .reconnectWait(Duration.ofMillis(100)).reconnectJitter(Duration.ofMillis(10)).connectionTimeout(Duration.ofSeconds(2)).build());
    }

    @Override
    public void close() {
        nodes.forEach(NatsServer::close);
    }
}
