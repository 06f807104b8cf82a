package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.App;
import io.natsjob.job.Namespace;

/** Namespaces and apps as JSON. */
final class ParentView {
    private ParentView() {}

    static JsonObject of(Namespace n) {
        return new JsonObject().add("id", Values.id(n.id())).add("name", n.name()).add("comment", n.comment()).add("enabled", n.enabled())
                .add("createdAt", n.createdAt()).add("updatedAt", n.updatedAt()).add("version", n.version());
    }

    static JsonObject of(App a) {
        return new JsonObject().add("id", Values.id(a.id())).add("namespace", a.namespace().name()).add("name", a.name())
                .add("comment", a.comment()).add("enabled", a.enabled())
                .add("createdAt", a.createdAt()).add("updatedAt", a.updatedAt()).add("version", a.version());
    }

    /** What a client may send of it. */
    static JsonObject writable(Namespace n) {
        return new JsonObject().add("name", n.name()).add("comment", n.comment()).add("enabled", n.enabled());
    }

    /** What a client may send of it. */
    static JsonObject writable(App a) {
        return new JsonObject().add("namespace", a.namespace().name()).add("name", a.name()).add("comment", a.comment()).add("enabled", a.enabled());
    }
}
