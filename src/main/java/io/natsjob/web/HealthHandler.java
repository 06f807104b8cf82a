package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.Outage;
import io.natsjob.store.StoreException;
import java.util.List;

/** For load balancers and orchestrators; open to anybody, so no address and no name is in the answers. */
final class HealthHandler {
    private final Database database;
    private final Engine engine;

    HealthHandler(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.open("GET", "/livez", this::live), Endpoint.open("GET", "/readyz", this::ready));
    }

    private Answer live(Request request) {
        return Answer.ok(new JsonObject().add("status", "alive"));
    }

    /** 503 only while this server cannot serve: a restart of it would not bring NATS back. */
    private Answer ready(Request request) {
        boolean database = databaseAnswers();
        Outage outage = this.database.outage();
        boolean room = engine.troubles().stream().noneMatch(trouble -> trouble.code().equals(Engine.Trouble.JETSTREAM_FULL));
        Engine.NatsView nats = engine.nats();
        return Answer.json(database ? 200 : 503, new JsonObject()
                .add("status", database ? "ready" : "not ready")
                .add("database", database ? "up" : outage != null && outage.diskFull() ? "full" : "down")
                .add("nats", nats.connected() ? "connected" : "not connected")
                .add("jetStream", !nats.jetStream() ? "not available" : room ? "available" : "full")
                .add("leader", engine.standing()));
    }

    private boolean databaseAnswers() {
        try {
            database.read(LeaderTable::read);
            // a database that takes no writes, as on a full disk, cannot serve either
            return database.up();
        } catch (StoreException e) {
            // the store has logged its reason, and info shows it to those who may see it
            return false;
        }
    }
}
