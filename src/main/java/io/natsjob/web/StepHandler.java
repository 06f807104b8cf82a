package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.RunState;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.Step;
import io.natsjob.store.StepFilter;
import io.natsjob.store.StepPage;
import io.natsjob.store.StepTable;
import java.util.List;

/** The steps of a run, oldest first. A run without a row (lite, plus, or deleted since) is there for its steps. */
final class StepHandler {
    private static final char BY_ID = 's';

    private final Database database;

    StepHandler(Database database) {
        this.database = database;
    }

    List<Endpoint> endpoints() {
        return List.of(Endpoint.api("GET", "runs/{id}/steps", this::list));
    }

    private Answer list(Request request) {
        long runId = request.id("run");
        Query query = request.query("namespace", "app", "job", "jobId", "state", "from", "to", "status", "reason", "monitorStatus", "monitorPayload",
                "workerId", "limit", "cursor");
        Page page = Page.of(query);
        StepFilter filter = filter(runId, query);
        query.check();
        long after = page.after(BY_ID, 0);
        StepPage found = database.read(sql -> {
            refuseUnknown(sql, runId, request);
            return StepTable.search(sql, filter, after, page.rows(), RunHandler.SEARCH_MAX_MILLIS);
        });
        JsonObject answer = page.answer(found.items(), StepHandler::view, step -> Cursor.of(BY_ID, step.id()));
        boolean timeWasOver = found.searchedTo() != null && found.items().size() <= page.limit();
        if (timeWasOver) {
            answer.set("next", Cursor.of(BY_ID, found.next()));
        }
        return Answer.ok(answer.add("searchedTo", Values.of(timeWasOver ? found.searchedTo() : null)));
    }

    private static void refuseUnknown(Sql sql, long runId, Request request) {
        long settled = LeaderTable.read(sql).settled();
        if (RunTable.find(sql, runId).filter(run -> RunView.visible(run, settled)).isEmpty() && !StepTable.any(sql, runId)) {
            throw Refusal.notFound("run", request.path().get("id"));
        }
    }

    private static StepFilter filter(long runId, Query query) {
        return new StepFilter(runId, new StepFilter.Named(query.text("namespace"), query.text("app"), query.text("job")),
                new StepFilter.OfRun(query.number("jobId", 1, Long.MAX_VALUE), query.word(RunState.class, "state")), query.millis("from"), query.millis("to"),
                new StepFilter.Texts(query.text("status"), query.text("reason"), query.text("monitorStatus"), query.text("monitorPayload"),
                        query.text("workerId")));
    }

    private static JsonObject view(Step step) {
        Step.Report report = step.report();
        return new JsonObject()
                .add("id", Values.id(step.id()))
                .add("taskId", Values.id(step.runId()))
                .add("workerId", Values.of(report.workerId()))
                .add("sceneId", Values.of(report.sceneId()))
                .add("sceneName", Values.of(report.sceneName()))
                .add("status", Values.of(report.status()))
                .add("reason", Values.of(report.reason()))
                .add("monitorStatus", Values.of(report.monitorStatus()))
                .add("monitorPayload", Values.of(report.monitorPayload()))
                .add("startAt", Values.of(report.startAt()))
                .add("endAt", Values.of(report.endAt()))
                .add("createdAt", step.createdAt());
    }
}
