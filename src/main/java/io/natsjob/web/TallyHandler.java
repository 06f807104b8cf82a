package io.natsjob.web;

import com.eclipsesource.json.JsonArray;
import com.eclipsesource.json.JsonObject;
import io.natsjob.store.Database;
import io.natsjob.store.JobTable;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.time.Clock;
import java.util.List;

/** What became of a job's fires, by hour. Not paged: a span of {@value #MAX_DAYS} days has at most some 14,000 rows. */
final class TallyHandler {
    static final int MAX_DAYS = 31;
    private static final long DAY_MILLIS = 24 * Tally.HOUR_MILLIS;

    private final Database database;
    private final Clock clock;

    TallyHandler(Database database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.api("GET", "jobs/{id}/tallies", this::tallies));
    }

    private Answer tallies(Request request) {
        long id = request.id("job");
        Query query = request.query("from", "to");
        Long givenTo = query.millis("to");
        long to = givenTo == null ? clock.millis() + 1 : givenTo;
        Long givenFrom = query.millis("from");
        long from = givenFrom == null ? Math.max(0, to - DAY_MILLIS) : givenFrom;
        if (to - from > MAX_DAYS * DAY_MILLIS) {
            query.errors().invalid("from", "at most " + MAX_DAYS + " days before to");
        }
        query.check();
        long fromHour = from - from % Tally.HOUR_MILLIS;
        List<Tally> rows = database.read(sql -> {
            JobTable.find(sql, id).orElseThrow(() -> Refusal.notFound("job", request.path().get("id")));
            return TallyTable.of(sql, id, fromHour, to);
        });
        JsonArray items = new JsonArray();
        rows.forEach(t -> items.add(new JsonObject().add("hour", t.hour()).add("outcome", t.outcome()).add("count", t.count())));
        return Answer.ok(new JsonObject().add("items", items));
    }
}
