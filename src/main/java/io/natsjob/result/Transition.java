package io.natsjob.result;

import io.natsjob.dispatch.OpenRun;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunStep;
import io.natsjob.result.ReadPosition.Place;
import io.natsjob.store.PartEnd;
import io.natsjob.store.RunEnd;
import java.util.concurrent.CompletableFuture;

/** What a writer commits, or looks up, for one run. */
sealed interface Transition {
    long runId();

    /**
     * An answer, an operator, or a part that could not be sent, ended the run.
     *
     * @param part    of a broadcast to named workers the last part, which is written with the run; else null
     * @param place   of the answer in the bucket, null where there is none
     * @param written completed after the commit, with whether it is this transaction that has changed the row
     */
    record Ended(OpenRun run, RunEnd end, PartEnd part, Place place, CompletableFuture<Boolean> written) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /**
     * One part of a run has ended, others are awaited.
     *
     * @param place   of the answer in the bucket, null where there is none
     * @param written as in {@link Ended}, of the part's row
     */
    record PartEnded(OpenRun run, PartEnd part, Place place, CompletableFuture<Boolean> written) implements Transition {
        @Override
        public long runId() {
            return run.id();
        }
    }

    /**
     * The first step of a map is done.
     *
     * @param place   of the answer in the bucket
     * @param stepAt  epoch milliseconds at which the main step was decided
     * @param written as in {@link Ended}
     */
    record Next(OpenRun run, Place place, long stepAt, CompletableFuture<Boolean> written) implements Transition {
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
