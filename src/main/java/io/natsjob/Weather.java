package io.natsjob;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.Conditions;
import io.natsjob.job.Job;
import io.natsjob.job.SkipReason;
import io.natsjob.nats.PublishLink;
import io.natsjob.store.Pause;
import io.natsjob.store.PauseTable;
import io.natsjob.trigger.Gate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The state of the world as trigger and dispatch ask for it: lead, NATS, pauses. */
final class Weather implements Gate, Conditions {
    private final Leadership leadership;
    private final Term term;
    private final PublishLink publishing;
    private final NatsSetup setup;
    private volatile Set<Long> paused = Set.of();
    /** NATS was away since the way was open last; the timer's own. */
    private boolean cut;

    Weather(Leadership leadership, Term term, PublishLink publishing, NatsSetup setup) {
        this.leadership = leadership;
        this.term = term;
        this.publishing = publishing;
        this.setup = setup;
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
}
