package io.natsjob;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.JetStreamManagement;
import io.natsjob.nats.Infrastructure;
import io.natsjob.nats.NatsLink;
import io.natsjob.nats.NatsOptions;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class NatsSetupTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @Test
    void a_stream_that_somebody_deletes_is_made_again() throws Exception {
        try (NatsServer server = NatsServer.create().start();
                NatsLink link = new NatsLink(new NatsOptions(List.of(server.url()), null, null, null, "test"), Clock.system());
                NatsSetup setup = new NatsSetup(link, new Infrastructure(link, 1L << 28));
                Connection raw = server.connect()) {
            setup.start();
            link.start();
            Eventually.await("ready", LIMIT, setup::ready);
            JetStreamManagement streams = raw.jetStreamManagement();
            Set<String> all = Set.copyOf(streams.getStreamNames());
            for (String name : List.of("natsjob", "KV_natsjob-heartbeat")) {
                assertTrue(streams.deleteStream(name), name);
            }
            Eventually.awaitEqual("streams", LIMIT, all, () -> names(streams));
            assertTrue(setup.ready());
        }
    }

    private static Set<String> names(JetStreamManagement streams) {
        try {
            return Set.copyOf(streams.getStreamNames());
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
