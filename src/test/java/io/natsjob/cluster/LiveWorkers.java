package io.natsjob.cluster;

import io.natsjob.protocol.BeatKey;
import io.natsjob.protocol.WorkerBeat;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.SteadyTime;
import java.time.Duration;

/** A registry that a test fills by hand, without NATS; its snapshot counts as read. */
public final class LiveWorkers {
    public final Workers workers;
    final IgnoredBeats ignored;
    private final ManualClock clock = new ManualClock(1_800_000_000_000L);
    private long watched;

    public LiveWorkers() {
        this(Arrival.LIFE);
    }

    LiveWorkers(Duration life) {
        ignored = new IgnoredBeats(new SteadyTime(clock));
        workers = new Workers(ignored, life);
        workers.caughtUp();
    }

    /** A heartbeat in namespace {@code app}, app {@code biz}. */
    public LiveWorkers beat(String id, int weight) {
        return beat("app", "biz", id, weight);
    }

    public LiveWorkers beat(String namespace, String app, String id, int weight) {
        workers.seen(new WorkerBeat(new BeatKey.Worker(namespace, app, id), "", "", weight, new WorkerBeat.Usage("", "", "", "")), now());
        return this;
    }

    public LiveWorkers gone(String id) {
        workers.gone(new BeatKey.Worker("app", "biz", id));
        return this;
    }

    /** Time passes in which nobody beats, and the dead are buried. */
    public LiveWorkers pass(Duration time) {
        clock.tick(time);
        watched += time.toNanos();
        workers.sweep(watched);
        return this;
    }

    Arrival now() {
        return new Arrival(clock.millis(), watched, clock.millis());
    }
}
