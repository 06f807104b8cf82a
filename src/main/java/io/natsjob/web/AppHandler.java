package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.App;
import io.natsjob.job.Namespace;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.NamespaceTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Apps: list, create, get, change, delete. */
final class AppHandler {
    private final Database database;
    private final Engine engine;
    private final Clock clock;
    private final ParentEdits edits;

    AppHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
        this.edits = new ParentEdits(database, clock);
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "apps", this::list),
                Endpoint.api("POST", "apps", this::create),
                Endpoint.api("GET", "apps/{id}", this::get),
                Endpoint.api("PUT", "apps/{id}", request -> change(request, false)),
                Endpoint.api("PATCH", "apps/{id}", request -> change(request, true)),
                Endpoint.api("DELETE", "apps/{id}", this::delete));
    }

    private Answer list(Request request) {
        Query query = request.query("namespace", "q", "limit", "cursor");
        Page page = Page.of(query);
        String namespace = query.text("namespace");
        String q = query.text("q");
        query.check();
        long after = page.after('a', 0);
        List<App> rows = database.read(sql -> AppTable.page(sql, namespace, q, after, page.rows()));
        return Answer.ok(page.answer(rows, ParentView::of, a -> Cursor.of('a', a.id())));
    }

    private Answer get(Request request) {
        return Answer.ok(ParentView.of(find(request.id("app"))));
    }

    private App find(long id) {
        return database.read(sql -> AppTable.find(sql, id)).orElseThrow(() -> Refusal.notFound("app", Long.toString(id)));
    }

    private Answer create(Request request) {
        Fields fields = new Fields(request.object());
        ParentForm form = ParentForm.app(fields);
        Optional<Namespace> parent = parent(form, fields);
        fields.errors().refuseIfAny();
        long now = clock.millis();
        App made = NewRow.insert(now, id -> edits.insert(new App(id, 1, parent.orElseThrow(), form.name(), form.comment(), form.enabled(), now, now)),
                () -> refuseTaken(form));
        engine.changed();
        return Answer.json(201, ParentView.of(made)).with(Map.of("Location", "apps/" + made.id()));
    }

    private Answer change(Request request, boolean patch) {
        App before = find(request.id("app"));
        JsonObject body = request.object();
        Fields given = new Fields(body);
        Long version = Edit.version(given);
        if (version != null && version != before.version()) {
            throw stale(before.id());
        }
        Fields fields = Edit.fields(patch, given, body, ParentView.writable(before), ParentForm.OF_APP);
        ParentForm form = ParentForm.app(fields);
        Optional<Namespace> parent = parent(form, fields);
        given.errors().refuseIfAny();
        save(new App(before.id(), before.version(), parent.orElseThrow(), form.name(), form.comment(), form.enabled(), before.createdAt(), clock.millis()), form);
        return Answer.ok(ParentView.of(find(before.id())));
    }

    private void save(App changed, ParentForm form) {
        switch (edits.update(changed)) {
            case DONE -> engine.changed();
            case NAME_TAKEN -> {
                refuseTaken(form);
                // its holder went in the meantime: the client may simply try again
                throw stale(changed.id());
            }
            case STALE -> throw stale(changed.id());
            case PARENT_GONE -> throw Refusal.field("namespace", "namespace.unknown", "the namespace was deleted a moment ago");
        }
    }

    private Answer delete(Request request) {
        if (!edits.deleteApp(request.id("app"))) {
            throw Refusal.notFound("app", request.path().get("id"));
        }
        engine.changed();
        return Answer.noContent();
    }

    private Optional<Namespace> parent(ParentForm form, Fields fields) {
        Optional<Namespace> parent = database.read(sql -> NamespaceTable.findByName(sql, form.namespace()));
        if (parent.isEmpty() && !fields.wrong("namespace")) {
            fields.add("namespace", "namespace.unknown", "there is no namespace " + Shown.text(form.namespace()));
        }
        return parent;
    }

    private Refusal stale(long id) {
        return Refusal.conflict("app.stale", "the app was changed since you read it: current is how it stands now", ParentView.of(find(id)));
    }

    private void refuseTaken(ParentForm form) {
        database.read(sql -> AppTable.findByName(sql, form.namespace(), form.name())).ifPresent(holder -> {
            String detail = "there is an app " + Shown.text(form.name()) + " in namespace " + Shown.text(form.namespace()) + " already";
            throw Refusal.conflict("name.taken", detail, ParentView.of(holder));
        });
    }
}
