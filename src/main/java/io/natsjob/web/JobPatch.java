package io.natsjob.web;

import com.eclipsesource.json.JsonObject;
import io.natsjob.job.Job;

/** A {@link MergePatch} of a job. */
final class JobPatch {
    private JobPatch() {}

    /** All writable fields of the job after the patch; read-only and unknown ones of the patch are left out. */
    static JsonObject merged(Job before, JsonObject patch) {
        JsonObject merged = MergePatch.merged(JobView.writable(before), patch, JobForm.WRITABLE);
        // What suits one model is refused for another (lite and plus take only skip), so a change of model starts afresh.
        boolean otherModel = !merged.getString("model", "").equals(before.spec().route().model().word());
        if (otherModel && patch.get("misfire") == null) {
            merged.remove("misfire");
        }
        return merged;
    }
}
