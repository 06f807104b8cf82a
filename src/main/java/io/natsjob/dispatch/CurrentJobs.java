package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;

/** The jobs as they stand now, for fires that were collected before an edit. */
@FunctionalInterface
public interface CurrentJobs {
    /** The job to send for {@code fire}: unchanged, or changed but still firing at this time (docs/rules.md 22); else null. */
    Job of(Fire fire);
}
