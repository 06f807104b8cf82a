package io.natsjob.web;

import com.eclipsesource.json.Json;
import com.eclipsesource.json.JsonObject;
import com.eclipsesource.json.JsonValue;
import io.natsjob.job.Namespace;
import io.natsjob.store.Database;
import io.natsjob.store.JobCounts;
import io.natsjob.store.JobTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.store.Sql;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The figures of the whole or of one namespace. {@code servers}, {@code dbWritesInFlight} and what was
 * ignored are of the server as a whole.
 */
final class SummaryHandler {
    private static final int HOURS = 24;

    private final Database database;
    private final Engine engine;
    private final Clock clock;

    private record Figures(JobCounts counts, Map<String, Long> last24h) {}

    SummaryHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.api("GET", "summary", this::summary));
    }

    private Answer summary(Request request) {
        Query query = request.query("namespace");
        String namespace = query.text("namespace");
        query.check();
        Figures figures = database.read(sql -> figures(sql, namespace));
        Optional<Engine.Facts> facts = engine.facts(Set.of(), Set.of(), namespace);
        JsonObject json = new JsonObject()
                .add("apps", figures.counts().apps())
                .add("jobs", figures.counts().jobs())
                .add("enabledJobs", figures.counts().enabledJobs())
                .add("running", facts.<JsonValue>map(known -> Json.value(known.open())).orElse(Json.NULL))
                .add("runningParts", facts.<JsonValue>map(known -> Json.value(known.parts())).orElse(Json.NULL))
                .add("dbWritesInFlight", facts.<JsonValue>map(known -> Json.value(known.writes())).orElse(Json.NULL))
                .add("workers", engine.workers(namespace))
                .add("servers", engine.servers().size())
                .add("last24h", object(figures.last24h()))
                .add("answersIgnored", facts.<JsonValue>map(known -> object(known.ignored())).orElse(Json.NULL))
                .add("heartbeatsIgnored", object(engine.heartbeatsIgnored()));
        return Answer.ok(Values.stale(json, facts.isEmpty()));
    }

    private Figures figures(Sql sql, String namespace) {
        Long id = namespace == null ? null : NamespaceTable.findByName(sql, namespace).map(Namespace::id)
                .orElseThrow(() -> Refusal.field("namespace", "namespace.unknown", "there is no namespace " + Shown.text(namespace)));
        long hour = clock.millis() / Tally.HOUR_MILLIS * Tally.HOUR_MILLIS;
        return new Figures(JobTable.counts(sql, id), TallyTable.totals(sql, id, hour - (HOURS - 1) * Tally.HOUR_MILLIS));
    }

    private static JsonObject object(Map<String, Long> counts) {
        JsonObject json = new JsonObject();
        new TreeMap<>(counts).forEach((name, count) -> json.add(name, count));
        return json;
    }
}
