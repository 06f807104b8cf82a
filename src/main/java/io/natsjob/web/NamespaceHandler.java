package io.natsjob.web;

import io.natsjob.job.Namespace;
import io.natsjob.store.Database;
import io.natsjob.store.LeaderTable;
import io.natsjob.store.NamespaceTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;

/** Namespaces: list, create, get. */
final class NamespaceHandler {
    private final Database database;
    private final Engine engine;
    private final Clock clock;

    NamespaceHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "namespaces", this::list),
                Endpoint.api("POST", "namespaces", this::create),
                Endpoint.api("GET", "namespaces/{id}", this::get));
    }

    private Answer list(Request request) {
        Query query = request.query("q", "limit", "cursor");
        Page page = Page.of(query);
        String q = query.text("q");
        query.check();
        long after = page.after('n', 0);
        List<Namespace> rows = database.read(sql -> NamespaceTable.page(sql, q, after, page.rows()));
        return Answer.ok(page.answer(rows, ParentView::of, n -> Cursor.of('n', n.id())));
    }

    private Answer get(Request request) {
        long id = request.id("namespace");
        Namespace found = database.read(sql -> NamespaceTable.find(sql, id))
                .orElseThrow(() -> Refusal.notFound("namespace", request.path().get("id")));
        return Answer.ok(ParentView.of(found));
    }

    private Answer create(Request request) {
        Fields fields = new Fields(request.object());
        ParentForm form = ParentForm.namespace(fields);
        fields.errors().refuseIfAny();
        long now = clock.millis();
        Namespace made = NewRow.insert(now, id -> insert(new Namespace(id, 1, form.name(), form.comment(), form.enabled(), now, now)),
                () -> refuseTaken(form.name()));
        engine.changed();
        return Answer.json(201, ParentView.of(made)).with(Map.of("Location", "namespaces/" + made.id()));
    }

    private Namespace insert(Namespace namespace) {
        return Confirmed.write(database, sql -> {
            long change = LeaderTable.nextChange(sql);
            return NamespaceTable.insert(sql, namespace, change);
        }, sql -> NamespaceTable.find(sql, namespace.id()).filter(namespace::equals));
    }

    private void refuseTaken(String name) {
        database.read(sql -> NamespaceTable.findByName(sql, name)).ifPresent(holder -> {
            throw Refusal.conflict("name.taken", "there is a namespace " + Shown.text(name) + " already", ParentView.of(holder));
        });
    }
}
