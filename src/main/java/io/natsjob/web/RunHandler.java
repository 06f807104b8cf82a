package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Run;
import io.natsjob.job.RunState;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.RunCursor;
import io.natsjob.store.RunFilter;
import io.natsjob.store.RunPage;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import java.util.List;
import java.util.Set;

/** Runs: list, get, end. A job's runs are listed by fire time, all others by id; a cursor belongs to one of the two orders. */
final class RunHandler {
    /** How long a list reads before it answers with what it has. */
    static final long SEARCH_MAX_MILLIS = 2_000;
    private static final char BY_ID = 'r';
    private static final char BY_FIRE = 'f';

    private final Database database;
    private final Engine engine;
    private final RunView view;

    RunHandler(Database database, Engine engine) {
        this.database = database;
        this.engine = engine;
        this.view = new RunView(database, engine);
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "runs", this::list),
                Endpoint.api("GET", "runs/{id}", this::get),
                Endpoint.api("POST", "runs/{id}/end", this::end));
    }

    private Answer list(Request request) {
        Query query = request.query("namespace", "app", "job", "jobId", "state", "from", "to", "reason", "monitorStatus", "monitorPayload",
                "workerId", "limit", "cursor");
        Page page = Page.of(query);
        RunFilter asked = filter(query, 0);
        query.check();
        boolean ofJob = asked.jobId() != null;
        RunCursor after = page.cursor() == null ? null : cursor(page.cursor(), ofJob);
        RunPage found = database.read(sql -> RunTable.search(sql, filter(query, settled(sql)), after, page.rows(), SEARCH_MAX_MILLIS));
        JsonObject answer = page.answer(found.items(), view.over(found.items()), run -> text(RunCursor.after(run), ofJob));
        boolean timeWasOver = found.searchedTo() != null && found.items().size() <= page.limit();
        if (timeWasOver) {
            answer.set("next", text(found.next(), ofJob));
        }
        return Answer.ok(answer.add("searchedTo", Values.of(timeWasOver ? found.searchedTo() : null)));
    }

    private Answer get(Request request) {
        return Answer.ok(view.of(visible(request)));
    }

    private Answer end(Request request) {
        Fields fields = new Fields(request.object());
        fields.refuseUnknown(Set.of("reason"), Set.of());
        String reason = fields.required("reason", JobSpec.MAX_TEXT);
        fields.errors().refuseIfAny();
        Run run = visible(request);
        return switch (engine.end(run.id(), reason)) {
            case ENDED -> Answer.ok(view.of(visible(request)));
            case FINAL -> throw Refusal.conflict("run.final", "the run has ended before: a final state never changes", view.of(visible(request)));
            case UNKNOWN -> throw Refusal.notFound("run", request.path().get("id"));
            case NO_LEADER -> throw Refusal.of(503, "leader.none", "no server leads at the moment: try again in a few seconds");
            case UNANSWERED -> throw Refusal.of(503, "leader.unanswered", "the leader did not answer: read the run again before trying once more");
        };
    }

    private Run visible(Request request) {
        long id = request.id("run");
        return database.read(sql -> {
            long settled = settled(sql);
            return RunTable.find(sql, id).filter(run -> RunView.visible(run, settled));
        }).orElseThrow(() -> Refusal.notFound("run", request.path().get("id")));
    }

    private static RunFilter filter(Query query, long visibleUpTo) {
        return new RunFilter(query.text("namespace"), query.text("app"), query.text("job"), query.number("jobId", 1, Long.MAX_VALUE),
                query.word(RunState.class, "state"), query.millis("from"), query.millis("to"), query.text("reason"), query.text("monitorStatus"),
                query.text("monitorPayload"), query.text("workerId"), visibleUpTo);
    }

    /** Fires up to this mark are sent or counted; later ones are claims that nobody should see yet. */
    private static long settled(Sql sql) {
        return LeaderTable.read(sql).settled();
    }

    private static RunCursor cursor(String text, boolean ofJob) {
        if (ofJob) {
            long[] key = Cursor.read(text, BY_FIRE, 2);
            return new RunCursor(0, key[0], (int) key[1]);
        }
        return new RunCursor(Cursor.read(text, BY_ID, 1)[0], 0, 0);
    }

    private static String text(RunCursor at, boolean ofJob) {
        return ofJob ? Cursor.of(BY_FIRE, at.fireAt(), at.attempt()) : Cursor.of(BY_ID, at.id());
    }
}
