package io.natsjob.dispatch;

import io.natsjob.log.Log;
import io.natsjob.time.SteadyTime;
import java.util.Arrays;

/** One warning a minute for what may happen thousands of times a second: the newest case, and how many there were since the line before. Safe for all threads. */
final class MinuteWarning {
    static final long QUIET_MILLIS = 60_000;
    private static final Log LOG = Log.of("dispatch");

    private final SteadyTime time;
    private final String message;
    private long loggedAt = Long.MIN_VALUE / 2;
    private long since;

    MinuteWarning(SteadyTime time, String message) {
        this.time = time;
        this.message = message;
    }

    void count(Object... keyValues) {
        long cases;
        synchronized (this) {
            since++;
            long now = time.millis();
            if (now - loggedAt < QUIET_MILLIS) {
                return;
            }
            cases = since;
            loggedAt = now;
            since = 0;
        }
        Object[] all = Arrays.copyOf(keyValues, keyValues.length + 2);
        all[keyValues.length] = "sinceLast";
        all[keyValues.length + 1] = cases;
        LOG.warn(message, all);
    }
}
