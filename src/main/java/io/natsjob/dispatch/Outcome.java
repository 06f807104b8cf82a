package io.natsjob.dispatch;

import io.natsjob.job.Fire;
import io.natsjob.job.SkipReason;

/** Who wants to know what became of a fire; told exactly once for each. */
interface Outcome {
    /** A run taken over from a former leader: its row tells its story. */
    Outcome ROW = new Outcome() {
        @Override
        public void sent(Fire fire) {
            // The run is open, as it was.
        }

        @Override
        public void unconfirmed(Fire fire) {
            // The run carries the doubt.
        }

        @Override
        public void refused(Fire fire, SkipReason reason) {
            // Left to its deadline.
        }
    };

    void sent(Fire fire);

    /** Sent as far as we know, but nobody confirmed it. */
    void unconfirmed(Fire fire);

    /** Surely not sent. */
    void refused(Fire fire, SkipReason reason);
}
