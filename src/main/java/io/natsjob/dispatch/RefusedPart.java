package io.natsjob.dispatch;

import io.natsjob.job.SkipReason;

/** Told of parts that were surely not sent while others of their run were. Must not wait. */
@FunctionalInterface
public interface RefusedPart {
    void refused(OpenRun run, int index, SkipReason reason);
}
