package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.store.RunEnd;
import java.util.concurrent.CompletableFuture;

/** What a writer commits, or looks up, for one run. */
sealed interface Transition {
    long runId();

    /**
     * An answer, or an operator, ended the run.
     *
     * @param place   of the answer in the bucket, null of an operator's
     * @param written  completed after the commit, with whether it is this transaction that has changed the row
     */
    record Ended(OpenRun run, RunEnd end, Place place, CompletableFuture<Boolean> written) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /**
     * The first step of a map is done.
     *
     * @param place  of the answer in the bucket
     * @param stepAt epoch milliseconds at which the main step was decided
     */
    record Next(OpenRun run, Place place, long stepAt) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** The deadline of {@code step} ended the run. */
    record Expired(OpenRun run, RunStep step, RunEnd end) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** The run, or its main step, was sent so late that its deadline in the row must follow. */
    record Postponed(OpenRun run, RunStep step, long deadlineAt) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /** An answer to a run that is not open: has it ended, or is there none? */
    record Unmatched(long runId, RunNames names, Place place, String key) implements Transition {}
}
