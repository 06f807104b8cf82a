package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.job.RunNames;
import io.natsjob.store.Expiry;
import io.natsjob.store.RunEnd;
import java.util.concurrent.CompletableFuture;

/** What a writer commits, or looks up, for one run. */
sealed interface Transition {
    long runId();

    /**
     * An answer, or an operator, ended the run.
     *
     * @param revision of the answer, 0 of an operator's
     * @param written  completed after the commit
     */
    record Ended(OpenRun run, RunEnd end, long revision, CompletableFuture<Void> written) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** The deadline ended the run. */
    record Expired(OpenRun run, Expiry expiry) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** The run was sent so late that its deadline in the row must follow. */
    record Postponed(OpenRun run) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** An answer to a run that is not open: has it ended, or is there none? */
    record Unmatched(long runId, RunNames names, long revision, String key) implements Transition {}
}
