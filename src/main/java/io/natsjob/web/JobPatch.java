package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Job;

/** A merge patch (RFC 7396) of a job: what it does not name stays, {@code null} brings the default back. */
final class JobPatch {
    private JobPatch() {}

    /** All writable fields of the job after the patch; read-only and unknown ones of the patch are left out. */
    static JsonObject merged(Job before, JsonObject patch) {
        JsonObject merged = JobView.writable(before);
        for (JsonObject.Member member : patch) {
            if (!JobForm.WRITABLE.contains(member.getName())) {
                continue;
            }
            if (member.getValue().isNull()) {
                merged.remove(member.getName());
            } else {
                merged.set(member.getName(), member.getValue());
            }
        }
        // What suits one model is refused for another (lite and plus take only skip), so a change of model starts afresh.
        boolean otherModel = !merged.getString("model", "").equals(before.spec().route().model().word());
        if (otherModel && patch.get("misfire") == null) {
            merged.remove("misfire");
        }
        return merged;
    }
}
