package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import java.util.Set;

/** A merge patch (RFC 7396): what it does not name stays, {@code null} brings the default back. */
final class MergePatch {
    private MergePatch() {}

    /** {@code before} after the patch; read-only and unknown fields of the patch are left out. */
    static JsonObject merged(JsonObject before, JsonObject patch, Set<String> writable) {
        JsonObject merged = new JsonObject(before);
        for (JsonObject.Member member : patch) {
            if (!writable.contains(member.getName())) {
                continue;
            }
            if (member.getValue().isNull()) {
                merged.remove(member.getName());
            } else {
                merged.set(member.getName(), member.getValue());
            }
        }
        return merged;
    }
}
