package io.natsjob.nats;

import io.nats.client.Connection;
import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One server, the links of a test on it, and what was logged; closes all in reverse. */
final class NatsRig {
    static final Duration LIMIT = Duration.ofSeconds(15);

    final NatsServer server;
    final List<LogLine> lines = new CopyOnWriteArrayList<>();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final Log.Sink before;

    NatsRig(NatsServer server) {
        this.server = server;
        this.before = Log.setSink(new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return level != Level.DEBUG;
            }

            @Override
            public void write(LogLine line) {
                lines.add(line);
            }
        });
    }

    NatsOptions options() {
        return new NatsOptions(List.of(server.url()), null, null, null, "test");
    }

    <T extends AutoCloseable> T closing(T closeable) {
        open.push(closeable);
        return closeable;
    }

    NatsLink link(NatsOptions options) {
        NatsLink link = closing(new NatsLink(options, Clock.system()));
        link.start();
        return link;
    }

    /** Connected. */
    NatsLink link() {
        NatsLink link = link(options());
        Eventually.await("link connected", LIMIT, link::connected);
        return link;
    }

    /** Connected, with the stream and buckets made. */
    NatsLink linkWithStreams() {
        NatsLink link = link();
        Eventually.awaitEqual("problems", LIMIT, List.of(), () -> new Infrastructure(link, 1L << 28).ensure());
        return link;
    }

    /** Connected. */
    PublishLink publishLink() {
        PublishLink link = closing(new PublishLink(options(), Clock.system()));
        link.start();
        Eventually.await("publish link connected", LIMIT, link::connected);
        return link;
    }

    Connection raw() throws Exception {
        Connection connection = server.connect();
        open.push(connection::close);
        return connection;
    }

    long logged(String message) {
        return lines.stream().filter(l -> l.message().equals(message)).count();
    }

    void close() throws Exception {
        try {
            while (!open.isEmpty()) {
                open.pop().close();
            }
        } finally {
            Log.setSink(before);
            server.close();
        }
    }
}
