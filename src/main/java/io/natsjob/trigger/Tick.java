package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.job.SkipReason;
import java.util.List;

/**
 * One second as the timer collected it, on its way to be claimed.
 *
 * @param fireAt   epoch milliseconds, a whole second
 * @param recorded fires that need a row, without run ids yet
 * @param paused   fires of recorded jobs whose namespace is paused: counted with the claim of the second
 */
record Tick(long fireAt, List<Fire> recorded, List<Fire> paused) {
    /**
     * Seconds that passed while nothing could fire, in (after, upTo], epoch milliseconds.
     */
    record Held(long after, long upTo, SkipReason reason) {}
}
