package io.natsjob.store;

import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;

/** What the row of an answered run says: enough to tell late, foreign and unknown answers apart. */
public record Known(RunState state, RunNames names) {}
