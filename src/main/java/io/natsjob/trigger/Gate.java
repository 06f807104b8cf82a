package io.natsjob.trigger;

import io.natsjob.job.SkipReason;

/** Whether anything may fire now. Asked once for each second, by the timer. */
public interface Gate {
    /** Why nothing may fire, or null when the way is open. While it is closed nothing is claimed and the marks stand still. */
    SkipReason closed();

    /** Whether the fires of one namespace are held back; each is then counted as {@link SkipReason#PAUSED} at its time. */
    boolean paused(long namespaceId);
}
