package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import java.util.Set;

/** What PUT and PATCH have in common: the version that was read, and for namespaces and apps the fields as they shall be. */
final class Edit {
    private Edit() {}

    /** What became of a change. */
    enum Saved { DONE, STALE, NAME_TAKEN, PARENT_GONE }

    /** The version that the caller has read; null, with a fault in {@code given}, where there is none. */
    static Long version(Fields given) {
        if (!given.has("version")) {
            given.add("version", "version.required", "send the version that you read, so that nobody's change in between is lost");
            return null;
        }
        return given.numberOrNull("version", 1, Long.MAX_VALUE);
    }

    /**
     * The fields after the change: those of the body alone, or for a patch those of {@code before} with the body's over them. What
     * a body may not name is found wrong here for a patch; for a whole body that is its reader's work.
     */
    static Fields fields(boolean patch, Fields given, JsonObject body, JsonObject before, Set<String> writable) {
        if (!patch) {
            return given;
        }
        given.refuseUnknown(writable, ParentForm.READ_ONLY);
        return new Fields(MergePatch.merged(before, body, writable), "", given.errors());
    }
}
