package io.natsjob.trigger;

import io.natsjob.store.Settlement;

/** What dispatch decided about fires handed to it, to be written with the next tick. */
public interface Settlements {
    /** Everything decided since the last call. The caller writes it, however long that takes. */
    Settlement take();

    /** Seconds up to {@code fireAt}, of which none was handed to dispatch, need no decision: their fires were counted as missed. */
    void passed(long fireAt);
}
