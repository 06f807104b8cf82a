package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.log.Log;
import io.natsjob.store.NewRun;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Fires on their way to be claimed. Keeps the rows that were made for them, so that a second try knows those of the first as its own. */
final class Claims {
    private static final Log LOG = Log.of("trigger");

    private final List<Fire> wanted;
    private List<NewRun> rows;

    Claims(List<Fire> wanted) {
        this.wanted = wanted;
    }

    /** Whether rows were made, and so may be in the database. */
    boolean begun() {
        return rows != null;
    }

    /** @param now epoch milliseconds */
    List<NewRun> rows(NewRuns made, long now) {
        if (rows == null) {
            rows = wanted.stream().map(fire -> made.of(fire, now)).toList();
        }
        return rows;
    }

    /** The fires whose row is ours. */
    List<Fire> fires(Set<Long> ours) {
        List<Fire> fires = new ArrayList<>(rows.size());
        for (int i = 0; i < rows.size(); i++) {
            NewRun row = rows.get(i);
            if (ours.contains(row.id())) {
                fires.add(wanted.get(i).claimed(row.id(), row.deadlineAt()).to(row.parts()));
            } else {
                LOG.warn("a fire belongs to another claim", "job", row.jobId(), "fireAt", row.fireAt());
            }
        }
        return fires;
    }
}
