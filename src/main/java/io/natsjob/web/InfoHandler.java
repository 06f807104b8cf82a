package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import io.natsjob.store.Database;
import io.natsjob.store.StoreException;
import io.natsjob.time.Clock;
import java.util.List;

/** What this server is and what it is connected to. Answers while NATS or the database is away: it says so. */
final class InfoHandler {
    private final WebOptions options;
    private final Database database;
    private final Engine engine;
    private final Clock clock;
    private final Banner banner;

    InfoHandler(WebOptions options, Database database, Engine engine, Clock clock) {
        this.options = options;
        this.database = database;
        this.engine = engine;
        this.clock = clock;
        this.banner = new Banner(options.login().defaultPassword(), database, engine, clock);
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.api("GET", "info", this::info));
    }

    private Answer info(Request request) {
        // Read first: the read itself finds out whether the database is there.
        Pauses pauses = pauses();
        return Answer.ok(new JsonObject()
                .add("serverId", engine.serverId())
                .add("namespace", options.namespace())
                .add("leader", engine.leads())
                .add("standing", engine.standing())
                .add("term", engine.term())
                .add("version", options.version())
                .add("startedAt", engine.startedAt())
                .add("now", clock.millis())
                .add("zone", options.zone().getId())
                .add("nats", nats(engine.nats()))
                .add("database", new JsonObject().add("description", database.describe()).add("up", database.up())
                        .add("problem", database.problem()))
                .add("paused", pauses == null ? Json.NULL : pauses.json())
                .add("problems", banner.json(pauses)));
    }

    /** Null while the database cannot tell. */
    private Pauses pauses() {
        try {
            return database.read(Pauses::read);
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.UNAVAILABLE) {
                return null;
            }
            throw e;
        }
    }

    private static JsonObject nats(Engine.NatsView nats) {
        return new JsonObject()
                .add("connected", nats.connected())
                .add("url", nats.url())
                .add("version", nats.version())
                .add("jetStream", nats.jetStream())
                .add("problem", nats.problem())
                .add("since", nats.since());
    }
}
