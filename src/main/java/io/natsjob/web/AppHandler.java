package io.natsjob.web;

import io.natsjob.job.App;
import io.natsjob.job.Namespace;
import io.natsjob.store.AppTable;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Apps: list, create, get. */
final class AppHandler {
    private final Database database;
    private final Engine engine;
    private final Clock clock;

    AppHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "apps", this::list),
                Endpoint.api("POST", "apps", this::create),
                Endpoint.api("GET", "apps/{id}", this::get));
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
        long id = request.id("app");
        App found = database.read(sql -> AppTable.find(sql, id)).orElseThrow(() -> Refusal.notFound("app", request.path().get("id")));
        return Answer.ok(ParentView.of(found));
    }

    private Answer create(Request request) {
        Fields fields = new Fields(request.object());
        ParentForm form = ParentForm.app(fields);
        Optional<Namespace> parent = database.read(sql -> NamespaceTable.findByName(sql, form.namespace()));
        if (parent.isEmpty() && !fields.wrong("namespace")) {
            fields.add("namespace", "namespace.unknown", "there is no namespace " + Shown.text(form.namespace()));
        }
        fields.errors().refuseIfAny();
        long now = clock.millis();
        App made = NewRow.insert(now, id -> insert(new App(id, 1, parent.orElseThrow(), form.name(), form.comment(), form.enabled(), now, now)),
                () -> refuseTaken(form));
        engine.changed();
        return Answer.json(201, ParentView.of(made)).with(Map.of("Location", "apps/" + made.id()));
    }

    private App insert(App app) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            return AppTable.insert(sql, app, change);
        }, sql -> AppTable.find(sql, app.id()).filter(there -> there.name().equals(app.name())));
    }

    private void refuseTaken(ParentForm form) {
        database.read(sql -> AppTable.findByName(sql, form.namespace(), form.name())).ifPresent(holder -> {
            String detail = "there is an app " + Shown.text(form.name()) + " in namespace " + Shown.text(form.namespace()) + " already";
            throw Refusal.conflict("name.taken", detail, ParentView.of(holder));
        });
    }
}
