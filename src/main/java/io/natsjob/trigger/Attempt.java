package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.log.Log;
import io.natsjob.store.NewRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A second on its way to be claimed. Keeps the rows that were made for it, so that a second try knows those of the first as its own. */
final class Attempt {
    private static final Log LOG = Log.of("trigger");

    private final Tick tick;
    private List<NewRun> rows;

    Attempt(Tick tick) {
        this.tick = tick;
    }

    Tick tick() {
        return tick;
    }

    /** Whether rows were made, and so may be in the database. */
    boolean begun() {
        return rows != null;
    }

    /** @param now epoch milliseconds */
    List<NewRun> rows(NewRuns made, long now) {
        if (rows == null) {
            rows = tick.recorded().stream().map(fire -> made.of(fire, now)).toList();
        }
        return rows;
    }

    /** The fires whose row is ours. */
    List<Fire> fires(Set<Long> ours) {
        List<Fire> fires = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            NewRun row = rows.get(i);
            if (ours.contains(row.id())) {
                fires.add(tick.recorded().get(i).claimed(row.id(), row.deadlineAt()).to(row.parts()));
            } else {
                LOG.warn("a fire belongs to another claim", "job", row.jobId(), "fireAt", row.fireAt());
            }
        }
        return fires;
    }
}
