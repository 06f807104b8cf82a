package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.time.SteadyTime;

/** Whether a fire may go out now. The limit of concurrent runs comes last and elsewhere: {@link OpenRuns#admit}. */
public final class Admission {
    private final Conditions conditions;
    private final SteadyTime time;

    public Admission(Conditions conditions, SteadyTime time) {
        this.conditions = conditions;
        this.time = time;
    }

    /** Whether a fire of {@code job} has to wait until it is known which workers live; with NATS away there is nothing to wait for. */
    boolean mustWait(Job job) {
        return needsWorker(job) && !conditions.workersKnown() && conditions.connected();
    }

    /**
     * Why a fire by cron, or one that makes it up, may not go, or null.
     *
     * @param current the job as it stands now, null when it no longer fires at this time
     */
    SkipReason refusal(Fire fire, Job current) {
        if (current == null) {
            return SkipReason.CHANGED;
        }
        boolean unclaimed = fire.recorded() && fire.runId() == 0;
        if (unclaimed || conditions.paused(current)) {
            return SkipReason.PAUSED;
        }
        if (!current.spec().timing().inWindow(fire.fireAt())) {
            return SkipReason.WINDOW;
        }
        // One that is made up is late by nature.
        if (fire.trigger() == RunTrigger.CRON && time.millis() > fire.fireAt() + Fire.MAX_LATE_MILLIS) {
            return SkipReason.MISSED;
        }
        SkipReason away = away();
        if (away != null) {
            return away;
        }
        return withoutWorker(current) ? SkipReason.NO_WORKER : null;
    }

    /** Without NATS the lease passes too: NATS is the reason then. The lease is asked last, right before the sending. */
    private SkipReason away() {
        if (!conditions.connected()) {
            return SkipReason.NATS_DOWN;
        }
        return conditions.leading() ? null : SkipReason.NO_LEADER;
    }

    /**
     * Why a manual run may not go, or null; {@code force} passes over enabled and window, never over NATS, lead, pause and a live
     * worker. May wait two seconds for the list of workers.
     */
    SkipReason refusal(Job job, boolean force) {
        SkipReason away = away();
        if (away != null) {
            return away;
        }
        if (conditions.paused(job)) {
            return SkipReason.PAUSED;
        }
        if (!force && !job.live()) {
            return SkipReason.DISABLED;
        }
        if (!force && !job.spec().timing().inWindow(time.millis())) {
            return SkipReason.WINDOW;
        }
        if (needsWorker(job)) {
            conditions.awaitWorkers();
        }
        return withoutWorker(job) ? SkipReason.NO_WORKER : null;
    }

    private boolean withoutWorker(Job job) {
        return needsWorker(job) && !conditions.workerLives(job);
    }

    private static boolean needsWorker(Job job) {
        return job.spec().route().model().needsWorker();
    }
}
