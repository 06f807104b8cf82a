package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.App;
import io.natsjob.job.Category;
import io.natsjob.job.Job;
import io.natsjob.job.JobSpec;
import io.natsjob.job.Model;
import io.natsjob.store.Database;
import io.natsjob.store.JobFilter;
import io.natsjob.store.JobTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Jobs: list, create, get, change, delete, run now. */
final class JobHandler {
    private static final int MAX_WORKER_ID = 64;

    private final Database database;
    private final Engine engine;
    private final Clock clock;
    private final JobView view;
    private final JobEdits edits;
    private final JobForm form;

    JobHandler(Database database, Engine engine, Clock clock, JobView view, JobForm form) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
        this.view = view;
        this.edits = new JobEdits(database, clock);
        this.form = form;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "jobs", this::list),
                Endpoint.api("POST", "jobs", this::create),
                Endpoint.api("GET", "jobs/{id}", this::get),
                Endpoint.api("PUT", "jobs/{id}", request -> change(request, false)),
                Endpoint.api("PATCH", "jobs/{id}", request -> change(request, true)),
                Endpoint.api("DELETE", "jobs/{id}", this::delete),
                Endpoint.api("POST", "jobs/{id}/run", this::run));
    }

    private Answer list(Request request) {
        Query query = request.query("namespace", "app", "q", "enabled", "model", "category", "limit", "cursor");
        Page page = Page.of(query);
        JobFilter filter = new JobFilter(query.text("namespace"), query.text("app"), query.text("q"), query.flag("enabled"),
                query.word(Model.class, "model"), query.word(Category.class, "category"));
        query.check();
        long after = page.after('j', 0);
        List<JobView.Row> rows = database.read(sql -> JobView.Row.of(sql, JobTable.page(sql, filter, after, page.rows())));
        return Answer.ok(page.answer(rows, view.over(rows), row -> Cursor.of('j', row.job().id())));
    }

    private Answer get(Request request) {
        return Answer.ok(shown(request.id("job")));
    }

    private Answer create(Request request) {
        Fields fields = new Fields(request.object());
        long now = clock.millis();
        JobForm.Draft draft = form.read(fields, null, now);
        Optional<App> app = app(draft, fields);
        fields.errors().refuseIfAny();
        Job made = NewRow.insert(now, id -> edits.insert(new Job(id, 1, app.orElseThrow(), draft.spec(), now, now)),
                () -> refuseTaken(app.orElseThrow(), draft.spec().name()));
        engine.changed();
        return Answer.json(201, shown(made.id())).with(Map.of("Location", "jobs/" + made.id()));
    }

    private Answer change(Request request, boolean merge) {
        long id = request.id("job");
        JsonObject body = request.object();
        Job before = edits.find(id);
        Fields given = new Fields(body);
        Long version = Edit.version(given);
        if (version != null && version != before.version()) {
            throw stale(id);
        }
        if (merge) {
            given.refuseUnknown(JobForm.WRITABLE, JobForm.READ_ONLY);
        }
        Fields fields = merge ? new Fields(JobPatch.merged(before, body), "", given.errors()) : given;
        JobForm.Draft draft = form.read(fields, before, clock.millis());
        Optional<App> app = app(draft, fields);
        fields.errors().refuseIfAny();
        save(before, app.orElseThrow(), draft.spec());
        return Answer.ok(shown(id));
    }

    private void save(Job before, App app, JobSpec spec) {
        Job changed = new Job(before.id(), before.version(), app, spec, before.createdAt(), clock.millis());
        switch (edits.update(changed)) {
            case DONE -> engine.changed();
            case STALE -> throw stale(before.id());
            case NAME_TAKEN -> {
                refuseTaken(app, spec.name());
                // its holder went in the meantime: the client may simply try again
                throw stale(before.id());
            }
            case PARENT_GONE -> throw Refusal.field("app", "app.unknown", "the app was deleted a moment ago");
        }
    }

    private Answer delete(Request request) {
        long id = request.id("job");
        if (!edits.delete(id)) {
            throw Refusal.notFound("job", request.path().get("id"));
        }
        engine.changed();
        return Answer.noContent();
    }

    private Answer run(Request request) {
        long id = request.id("job");
        Fields fields = new Fields(request.objectOrEmpty());
        fields.refuseUnknown(Set.of("args", "workerId", "force"), Set.of());
        String args = fields.text("args", JobSpec.MAX_TEXT, null);
        boolean force = fields.flag("force", false);
        String workerId = fields.text("workerId", MAX_WORKER_ID, null);
        Job job = edits.find(id);
        if (workerId != null && !job.spec().route().addressed()) {
            fields.invalid("workerId", "a worker can be chosen for model ultra only");
        }
        fields.errors().refuseIfAny();
        return switch (engine.run(id, args, workerId, force)) {
            case Engine.RunNow.Sent sent -> Answer.json(202, new JsonObject().add("taskId", Values.id(sent.taskId())));
            case Engine.RunNow.Refused no -> throw Refusal.conflict("skip." + no.reason(), no.detail(), shown(id));
            case Engine.RunNow.Unanswered unknown -> throw Refusal.of(503, "leader.unanswered", unknown.detail());
            case Engine.RunNow.Gone gone -> throw Refusal.notFound("job", request.path().get("id"));
        };
    }

    private Optional<App> app(JobForm.Draft draft, Fields fields) {
        if (draft.namespace().isEmpty() || draft.app().isEmpty()) {
            return Optional.empty();
        }
        JobEdits.Parents parents = edits.parents(draft.namespace(), draft.app());
        if (!parents.namespaceExists()) {
            fields.add("namespace", "namespace.unknown", "there is no namespace " + Shown.text(draft.namespace()));
        } else if (parents.app().isEmpty()) {
            fields.add("app", "app.unknown", "there is no app " + Shown.text(draft.app()) + " in namespace " + Shown.text(draft.namespace()));
        }
        return parents.app();
    }

    private JsonObject shown(long id) {
        return view.of(database.read(sql -> JobTable.find(sql, id).map(job -> JobView.Row.of(sql, List.of(job)).getFirst()))
                .orElseThrow(() -> Refusal.notFound("job", Long.toString(id))));
    }

    private Refusal stale(long id) {
        return Refusal.conflict("job.stale", "the job was changed since you read it: current is how it stands now", shown(id));
    }

    private void refuseTaken(App app, String name) {
        edits.named(app, name).ifPresent(holder -> {
            String place = app.namespace().name() + "/" + app.name();
            throw Refusal.conflict("name.taken", "there is a job " + Shown.text(name) + " in " + place + " already", shown(holder.id()));
        });
    }
}
