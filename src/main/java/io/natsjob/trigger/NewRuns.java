package io.natsjob.trigger;

import io.natsjob.cluster.RunIds;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Parts;
import io.natsjob.job.Route;
import io.natsjob.job.RunNames;
import io.natsjob.store.NewRun;
import java.util.function.Function;

/**
 * Makes the row of a fire: its id, its deadline, and for ultra its workers (docs/rules.md 20). A row without workers keeps as many ids free
 * behind its own as it may need when they are picked.
 *
 * @param workers whom a fire of an ultra job goes to, null where that is not to be said yet; may wait for the list of workers (docs/rules.md 21)
 */
public record NewRuns(RunIds ids, Function<Job, Parts> workers) {
    /** @param now epoch milliseconds */
    NewRun of(Fire fire, long now) {
        Job job = fire.job();
        Route route = job.spec().route();
        Parts parts = route.addressed() ? workers.apply(job) : null;
        long id = ids.block(1 + (parts == null ? route.maxParts() : parts.size()));
        long deadline = Math.max(fire.fireAt(), now) + job.spec().limits().timeoutMillis();
        return new NewRun(id, job.id(), job.version(), RunNames.of(job), fire.trigger(), fire.fireAt(), 1, deadline, fire.args(),
                route.category().firstStep(), parts);
    }
}
