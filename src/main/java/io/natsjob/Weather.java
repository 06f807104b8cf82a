package io.natsjob;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Term;
import io.natsjob.cluster.Workers;
import io.natsjob.dispatch.Conditions;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.PublishLink;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.time.Clock;
import io.natsjob.trigger.Gate;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The state of the world as trigger and dispatch ask for it: lead, NATS, pauses, workers. Made at the take-over. */
final class Weather implements Gate, Conditions {
    /** A leader waits this long for the list of live workers, and then takes what it has (docs/rules.md 21). */
    private static final Duration WORKERS_WAIT = Duration.ofSeconds(2);

    private final Leadership leadership;
    private final Term term;
    private final PublishLink publishing;
    private final NatsSetup setup;
    private final Workers workers;
    private final Clock clock;
    private final long takenAt;
    private volatile Set<Long> paused = Set.of();
    /** NATS was away since the way was open last; the timer's own. */
    private boolean cut;

    Weather(LeaderContext context, Term term) {
        this.leadership = context.leadership();
        this.term = term;
        this.publishing = context.publishing();
        this.setup = context.setup();
        this.workers = context.workers();
        this.clock = context.clock();
        this.takenAt = clock.nanos();
    }

    /** Takes over the pauses that stand in the database. */
    void pauses(List<Pause> pauses) {
        Set<Long> now = new HashSet<>();
        pauses.stream().filter(pause -> pause.resumedAt() == null).forEach(pause -> now.add(pause.namespaceId()));
        paused = now;
    }

    @Override
    public SkipReason closed() {
        if (paused.contains(PauseTable.ALL)) {
            return SkipReason.PAUSED;
        }
        boolean connected = connected();
        if (connected && leading()) {
            cut = false;
            return null;
        }
        // Without NATS the lease passes too, and comes back a moment after it: all of that is one outage.
        cut |= !connected;
        return cut ? SkipReason.NATS_DOWN : SkipReason.NO_LEADER;
    }

    @Override
    public boolean paused(long namespaceId) {
        return paused.contains(namespaceId);
    }

    @Override
    public boolean leading() {
        return leadership.holds(term);
    }

    @Override
    public boolean connected() {
        return publishing.connected() && setup.ready();
    }

    @Override
    public boolean paused(Job job) {
        Set<Long> now = paused;
        return now.contains(PauseTable.ALL) || now.contains(job.app().namespace().id());
    }

    @Override
    public boolean workersKnown() {
        return workers.known() || waitLeft().isNegative();
    }

    @Override
    public void awaitWorkers() {
        try {
            workers.awaitKnown(waitLeft());
        } catch (InterruptedException e) {
            // asked to hurry: what is known decides
            Thread.currentThread().interrupt();
        }
    }

    private Duration waitLeft() {
        return WORKERS_WAIT.minusNanos(clock.nanos() - takenAt);
    }

    @Override
    public boolean workerLives(Job job) {
        return workers.any(job.app().namespace().name(), job.app().name());
    }
}
