package io.natsjob.web;

import io.natsjob.job.JobSpec;
import io.natsjob.job.Names;
import java.util.Set;

/**
 * What a user says of a namespace or an app.
 *
 * @param namespace the parent's name, for an app
 */
record ParentForm(String namespace, String name, String comment, boolean enabled) {
    static final Set<String> OF_NAMESPACE = Set.of("name", "comment", "enabled");
    static final Set<String> OF_APP = Set.of("namespace", "name", "comment", "enabled");
    static final Set<String> READ_ONLY = Set.of("id", "version", "createdAt", "updatedAt");

    static ParentForm namespace(Fields fields) {
        fields.refuseUnknown(OF_NAMESPACE, READ_ONLY);
        return own(fields, null);
    }

    static ParentForm app(Fields fields) {
        fields.refuseUnknown(OF_APP, READ_ONLY);
        return own(fields, fields.required("namespace", Names.MAX_LENGTH));
    }

    private static ParentForm own(Fields fields, String namespace) {
        return new ParentForm(namespace, name(fields), fields.text("comment", JobSpec.MAX_TEXT, ""), fields.flag("enabled", true));
    }

    /** The field {@code name}, by the rule for all three nouns. */
    static String name(Fields fields) {
        String name = fields.text("name", JobSpec.MAX_TEXT, "");
        if (!fields.has("name")) {
            fields.add("name", FieldError.REQUIRED, "is required");
        } else if (!fields.wrong("name") && !Names.valid(name)) {
            fields.add("name", "name.invalid", "expected " + Names.FORM + ", found " + Shown.text(name));
        }
        return name;
    }
}
