package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Names;
import io.natsjob.job.Namespace;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.PauseTable;
import io.natsjob.store.Sql;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Set;

/** Holds all fires, or those of a namespace, and lets them go again. */
final class PauseHandler {
    private static final Log LOG = Log.of("web");

    private final Database database;
    private final Engine engine;
    private final Clock clock;

    PauseHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("POST", "pause", request -> change(request, true)),
                Endpoint.api("POST", "resume", request -> change(request, false)));
    }

    private Answer change(Request request, boolean pause) {
        Fields fields = new Fields(request.object());
        fields.refuseUnknown(Set.of("namespace"), Set.of());
        String name = fields.has("namespace") ? fields.required("namespace", Names.MAX_LENGTH) : null;
        fields.errors().refuseIfAny();
        long now = clock.millis();
        Pauses after = Confirmed.repeatable(database, sql -> {
            LeaderTable.nextChange(sql);
            set(sql, name == null ? PauseTable.ALL : namespaceId(sql, name), pause, now);
            return Pauses.read(sql);
        });
        engine.changed();
        LOG.info(pause ? "paused" : "resumed", "namespace", name == null ? "(all)" : name, "user", request.session().user());
        return Answer.ok(new JsonObject().add("paused", after.json()));
    }

    private static void set(Sql sql, long namespaceId, boolean pause, long now) {
        // What is claimed will be sent: the pause begins behind the mark, in the transaction that reads it.
        long claimed = LeaderTable.read(sql).claimed();
        if (pause) {
            PauseTable.pause(sql, namespaceId, claimed);
        } else {
            // as any edit it takes effect at max(its time, claimed), docs/rules.md 22
            PauseTable.resume(sql, namespaceId, Math.max(now, claimed));
        }
    }

    private static long namespaceId(Sql sql, String name) {
        return NamespaceTable.findByName(sql, name).map(Namespace::id)
                .orElseThrow(() -> Refusal.field("namespace", "namespace.unknown", "there is no namespace " + Shown.text(name)));
    }
}
