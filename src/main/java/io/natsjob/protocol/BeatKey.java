package io.natsjob.protocol;

import io.natsjob.job.Names;
import java.util.Optional;

/** Where a heartbeat lies in its bucket: {@code natsjob.heartbeat.client.<namespace>.<app>.<id>} or {@code natsjob.heartbeat.server.<namespace>.<id>}. */
public sealed interface BeatKey {
    String WORKERS = "natsjob.heartbeat.client.";
    String SERVERS = "natsjob.heartbeat.server.";

    /** Of a worker. */
    record Worker(String namespace, String app, String id) implements BeatKey {
        /** @throws IllegalArgumentException where a name or the id is not of its form */
        public Worker {
            if (!Names.valid(namespace) || !Names.valid(app) || !Tokens.workerId(id)) {
                throw new IllegalArgumentException("worker '" + namespace + "', '" + app + "', '" + id + "': no key can be made of it");
            }
        }

        @Override
        public String text() {
            return WORKERS + namespace + "." + app + "." + id;
        }
    }

    /** Of a server. */
    record Server(String namespace, String id) implements BeatKey {
        /** @throws IllegalArgumentException where the namespace or the id is not of its form */
        public Server {
            if (!Names.valid(namespace) || !Tokens.workerId(id)) {
                throw new IllegalArgumentException("server '" + namespace + "', '" + id + "': no key can be made of it");
            }
        }

        @Override
        public String text() {
            return SERVERS + namespace + "." + id;
        }
    }

    String text();

    /** The last token. */
    String id();

    /** The key that {@code text} is, or nothing. */
    static Optional<BeatKey> parse(String text) {
        String[] parts = Tokens.split(text);
        if (parts.length == 6 && text.startsWith(WORKERS) && Names.valid(parts[3]) && Names.valid(parts[4]) && Tokens.workerId(parts[5])) {
            return Optional.of(new Worker(parts[3], parts[4], parts[5]));
        }
        if (parts.length == 5 && text.startsWith(SERVERS) && Names.valid(parts[3]) && Tokens.workerId(parts[4])) {
            return Optional.of(new Server(parts[3], parts[4]));
        }
        return Optional.empty();
    }
}
