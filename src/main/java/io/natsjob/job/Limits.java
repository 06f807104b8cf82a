package io.natsjob.job;

/**
 * What bounds a job's recorded runs.
 *
 * @param maxConcurrency open runs at the same time
 * @param timeoutSeconds from max(fire time, sending) to the deadline
 */
public record Limits(int maxConcurrency, int timeoutSeconds) {
    public static final int MAX_CONCURRENCY = 10_000;
    public static final int MAX_TIMEOUT_SECONDS = 86_400;

    public long timeoutMillis() {
        return timeoutSeconds * 1_000L;
    }
}
