package io.natsjob.dispatch;

import io.natsjob.cluster.Worker;
import io.natsjob.cluster.WorkerChoice;
import io.natsjob.cluster.Workers;
import io.natsjob.job.Job;
import io.natsjob.job.Parts;
import io.natsjob.job.SkipReason;
import java.util.List;
import java.util.Optional;

/**
 * To which live workers a fire of an ultra job goes: to one by the job's condition, or to all. Weight 0 is never among them. Safe for all
 * threads. Not guaranteed: that a worker chosen here still lives when its message goes out.
 */
public final class Addressing {
    /**
     * Either or.
     *
     * @param parts   null where the fire may not go
     * @param refusal why, else null
     */
    public record Choice(Parts parts, SkipReason refusal) {
        private static Choice of(Parts parts) {
            return new Choice(parts, null);
        }

        private static Choice none(SkipReason why) {
            return new Choice(null, why);
        }
    }

    private final Workers workers;
    private final WorkerChoice choice;
    private final Conditions conditions;

    public Addressing(Workers workers, WorkerChoice choice, Conditions conditions) {
        this.workers = workers;
        this.choice = choice;
        this.conditions = conditions;
    }

    /** The workers of a fire of {@code job}, which is an ultra one. After a take-over it may wait for the list of workers (docs/rules.md 21). */
    public Choice choose(Job job) {
        List<Worker> live = live(job);
        if (job.spec().route().sharded()) {
            List<String> ids = live.stream().filter(worker -> worker.weight() > 0).map(Worker::id).toList();
            return ids.isEmpty() ? Choice.none(SkipReason.NO_WORKER) : ids.size() > Parts.MAX ? Choice.none(SkipReason.TOO_MANY_WORKERS) : Choice.of(Parts.all(ids));
        }
        Optional<Worker> one = switch (job.spec().route().condition()) {
            case FIRST -> choice.first(live);
            case RANDOM -> choice.random(live);
            case ROUND -> choice.round(job.id(), live);
            case MAX_WEIGHT -> choice.maxWeight(job.id(), live);
        };
        return one.map(worker -> Choice.of(Parts.one(worker.id()))).orElseGet(() -> Choice.none(SkipReason.NO_WORKER));
    }

    /** This very worker, if it lives and has a weight; of a broadcast it is the only shard. */
    Choice only(Job job, String workerId) {
        boolean there = live(job).stream().anyMatch(worker -> worker.id().equals(workerId) && worker.weight() > 0);
        return there ? Choice.of(new Parts(job.spec().route().sharded(), List.of(workerId))) : Choice.none(SkipReason.NO_WORKER);
    }

    private List<Worker> live(Job job) {
        if (!conditions.workersKnown()) {
            conditions.awaitWorkers();
        }
        return workers.live(job.app().namespace().name(), job.app().name());
    }
}
