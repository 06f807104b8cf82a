package io.natsjob.web;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import io.natsjob.store.Database;
import io.natsjob.store.Outage;
import io.natsjob.time.Clock;
import io.natsjob.web.Engine.Trouble;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What an operator should know at once, worst first: the {@code problems} of {@code info}. */
final class Banner {
    private final boolean defaultPassword;
    private final Database database;
    private final Engine engine;
    private final Clock clock;
    /** When this server first showed a problem whose beginning nobody knows. */
    private final Map<String, Long> noticed = new ConcurrentHashMap<>();

    Banner(boolean defaultPassword, Database database, Engine engine, Clock clock) {
        this.defaultPassword = defaultPassword;
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    /** @param pauses null while the database cannot tell */
    JsonArray json(Pauses pauses) {
        List<Trouble> troubles = troubles(pauses);
        noticed.keySet().retainAll(troubles.stream().map(Trouble::code).toList());
        JsonArray list = new JsonArray();
        for (Trouble trouble : troubles) {
            long since = trouble.since() != null ? trouble.since() : noticed.computeIfAbsent(trouble.code(), code -> clock.millis());
            list.add(new JsonObject().add("code", trouble.code()).add("detail", trouble.detail()).add("since", since));
        }
        return list;
    }

    private List<Trouble> troubles(Pauses pauses) {
        List<Trouble> troubles = new ArrayList<>();
        Outage outage = database.outage();
        if (outage != null) {
            troubles.add(new Trouble(outage.diskFull() ? "disk-full" : "db-down", outage.reason(), outage.sinceMillis()));
        }
        Engine.NatsView nats = engine.nats();
        if (!nats.connected()) {
            troubles.add(new Trouble("nats-down", nats.problem() == null ? "NATS is not connected" : nats.problem(), nats.since()));
        } else if (!nats.jetStream()) {
            troubles.add(new Trouble("nats-down", nats.problem() == null ? "JetStream does not answer yet" : nats.problem(), null));
        }
        // Without NATS nobody knows of the other servers.
        if (nats.connected() && !engine.leads() && engine.servers().stream().noneMatch(Engine.ServerView::leader)) {
            troubles.add(new Trouble("no-leader", "nothing fires: " + engine.standing(), null));
        }
        troubles.addAll(engine.troubles());
        if (pauses != null && pauses.since() != null) {
            troubles.add(new Trouble("paused", pauses.all() ? "nothing fires: everything is paused" : "paused namespaces: " + String.join(", ", pauses.namespaces()),
                    pauses.since() > 0 ? pauses.since() : null)); // 0 where nobody had led before
        }
        if (defaultPassword) {
            troubles.add(new Trouble("default-password", "no password is set: only this machine can log in; set NATSJOB_LOGIN_PWD", engine.startedAt()));
        }
        return troubles;
    }
}
