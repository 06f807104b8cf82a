package io.natsjob.result;

import io.natsjob.log.Log;
import io.natsjob.time.SteadyTime;
import java.util.Map;
import java.util.TreeMap;

/** Counts answers that change nothing and steps that are not stored, by reason, and logs one a minute for each reason. Safe for all threads. */
public final class IgnoredAnswers {
    private static final Log LOG = Log.of("result");
    private static final long LOG_MILLIS = 60_000;

    private static final class Count {
        private long total;
        private long loggedAt = Long.MIN_VALUE / 2;
        private long loggedTotal;
    }

    private final SteadyTime time;
    private final Map<String, Count> counts = new TreeMap<>();

    public IgnoredAnswers(SteadyTime time) {
        this.time = time;
    }

    synchronized void count(String reason, String key) {
        Count count = counts.computeIfAbsent(reason, r -> new Count());
        count.total++;
        long now = time.millis();
        if (now - count.loggedAt >= LOG_MILLIS) {
            LOG.warn(reason.startsWith("step-") ? "a step is not stored" : "an answer changes nothing", "why", reason, "key", key, "sinceLast", count.total - count.loggedTotal);
            count.loggedAt = now;
            count.loggedTotal = count.total;
        }
    }

    /** Reason to number, since the start of this server. */
    public synchronized Map<String, Long> counts() {
        Map<String, Long> copy = new TreeMap<>();
        counts.forEach((reason, count) -> copy.put(reason, count.total));
        return copy;
    }
}
