package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Namespace;
import io.natsjob.store.Database;
import io.natsjob.store.NamespaceTable;
import io.natsjob.time.Clock;
import java.util.List;
import java.util.Map;

/** Namespaces: list, create, get, change, delete. */
final class NamespaceHandler {
    private final Database database;
    private final Engine engine;
    private final Clock clock;
    private final ParentEdits edits;

    NamespaceHandler(Database database, Engine engine, Clock clock) {
        this.database = database;
        this.engine = engine;
        this.clock = clock;
        this.edits = new ParentEdits(database, clock);
    }

    List<Endpoint> endpoints() {
        return List.of(
                Endpoint.api("GET", "namespaces", this::list),
                Endpoint.api("POST", "namespaces", this::create),
                Endpoint.api("GET", "namespaces/{id}", this::get),
                Endpoint.api("PUT", "namespaces/{id}", request -> change(request, false)),
                Endpoint.api("PATCH", "namespaces/{id}", request -> change(request, true)),
                Endpoint.api("DELETE", "namespaces/{id}", this::delete));
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
        return Answer.ok(ParentView.of(find(request.id("namespace"))));
    }

    private Namespace find(long id) {
        return database.read(sql -> NamespaceTable.find(sql, id)).orElseThrow(() -> Refusal.notFound("namespace", Long.toString(id)));
    }

    private Answer create(Request request) {
        Fields fields = new Fields(request.object());
        ParentForm form = ParentForm.namespace(fields);
        fields.errors().refuseIfAny();
        long now = clock.millis();
        Namespace made = NewRow.insert(now, id -> edits.insert(new Namespace(id, 1, form.name(), form.comment(), form.enabled(), now, now)),
                () -> refuseTaken(form.name()));
        engine.changed();
        return Answer.json(201, ParentView.of(made)).with(Map.of("Location", "namespaces/" + made.id()));
    }

    private Answer change(Request request, boolean patch) {
        Namespace before = find(request.id("namespace"));
        JsonObject body = request.object();
        Fields given = new Fields(body);
        Long version = Edit.version(given);
        if (version != null && version != before.version()) {
            throw stale(before.id());
        }
        ParentForm form = ParentForm.namespace(Edit.fields(patch, given, body, ParentView.writable(before), ParentForm.OF_NAMESPACE));
        given.errors().refuseIfAny();
        if (isDefault(before) && !form.name().equals(before.name())) {
            throw kept(before, "renamed");
        }
        save(new Namespace(before.id(), before.version(), form.name(), form.comment(), form.enabled(), before.createdAt(), clock.millis()));
        return Answer.ok(ParentView.of(find(before.id())));
    }

    private void save(Namespace changed) {
        switch (edits.update(changed)) {
            case DONE -> engine.changed();
            case NAME_TAKEN -> {
                refuseTaken(changed.name());
                // its holder went in the meantime: the client may simply try again
                throw stale(changed.id());
            }
            case STALE, PARENT_GONE -> throw stale(changed.id());
        }
    }

    private Answer delete(Request request) {
        Namespace found = find(request.id("namespace"));
        if (isDefault(found)) {
            throw kept(found, "deleted");
        }
        if (!edits.deleteNamespace(found.id())) {
            throw Refusal.notFound("namespace", request.path().get("id"));
        }
        engine.changed();
        return Answer.noContent();
    }

    private static boolean isDefault(Namespace namespace) {
        return namespace.name().equals(Namespace.DEFAULT);
    }

    private static Refusal kept(Namespace namespace, String what) {
        return Refusal.conflict("namespace.default", "the namespace " + Namespace.DEFAULT + " is the default one, it can't be " + what,
                ParentView.of(namespace));
    }

    private Refusal stale(long id) {
        return Refusal.conflict("namespace.stale", "the namespace was changed since you read it: current is how it stands now", ParentView.of(find(id)));
    }

    private void refuseTaken(String name) {
        database.read(sql -> NamespaceTable.findByName(sql, name)).ifPresent(holder -> {
            throw Refusal.conflict("name.taken", "there is a namespace " + Shown.text(name) + " already", ParentView.of(holder));
        });
    }
}
