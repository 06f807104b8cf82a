package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.SkipReason;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the messages of one run's parts, told as one fire once all are decided. Where none went out the fire is refused, as it would
 * be with a single message. Where some did the run is sent: the others have failed, each with its reason.
 */
final class PartSends {
    private final Fire fire;
    private final OpenRun run;
    private final Outcome told;
    private final OpenRuns open;
    private final RefusedPart refusedPart;
    private final int total;
    private final Map<Integer, SkipReason> refused = new TreeMap<>();
    private int decided;
    private boolean doubtful;

    /** @param total messages that are sent, at least 1 */
    PartSends(Fire fire, OpenRun run, Outcome told, OpenRuns open, RefusedPart refusedPart, int total) {
        this.fire = fire;
        this.run = run;
        this.told = told;
        this.open = open;
        this.refusedPart = refusedPart;
        this.total = total;
    }

    /** Who is told of the message of part {@code index}. */
    Outcome of(int index) {
        return new Outcome() {
            @Override
            public void sent(Fire ignored) {
                decide(index, null, false);
            }

            @Override
            public void unconfirmed(Fire ignored) {
                decide(index, null, true);
            }

            @Override
            public void refused(Fire ignored, SkipReason reason) {
                decide(index, reason, false);
            }
        };
    }

    private void decide(int index, SkipReason reason, boolean unconfirmed) {
        synchronized (this) {
            doubtful |= unconfirmed;
            if (reason != null) {
                refused.put(index, reason);
            }
            if (++decided < total) {
                return;
            }
        }
        // The last one: nobody changes anything any more.
        if (refused.size() == total) {
            none(refused.values().iterator().next());
        } else {
            some();
        }
    }

    private void none(SkipReason reason) {
        if (fire.takenOver()) {
            run.doubt(reason);
        } else {
            open.forget(run);
        }
        told.refused(fire, reason);
    }

    private void some() {
        if (refused.isEmpty()) {
            run.doubt(doubtful ? SkipReason.UNCONFIRMED : null);
        } else if (fire.takenOver() || refused.containsValue(SkipReason.NO_LEADER)) {
            // A former leader may have sent what is refused now, or the next one may: only the deadline tells.
            run.doubt(refused.values().iterator().next());
        } else {
            run.doubt(doubtful ? SkipReason.UNCONFIRMED : null);
            refused.forEach((index, reason) -> refusedPart.refused(run, index, reason));
        }
        if (doubtful) {
            told.unconfirmed(fire);
        } else {
            told.sent(fire);
        }
    }
}
