package io.natsjob.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations of many like actions, and how busy the machine was meanwhile. */
final class Latency {
    private final List<Long> nanos = new ArrayList<>();

    void add(long duration) {
        nanos.add(duration);
    }

    int count() {
        return nanos.size();
    }

    double millis(double share) {
        nanos.sort(null);
        return Scene.percentile(nanos, share) / 1e6;
    }

    /** The hundredth part that took longest, the smallest of it. */
    double p99() {
        return millis(0.99);
    }

    double max() {
        return millis(1);
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "p50 %.2f p99 %.2f max %.2f ms of %,d", millis(0.5), p99(), max(), count());
    }

    /** As Linux counts it, over the last minute. */
    static String load() {
        try {
            return Files.readString(Path.of("/proc/loadavg")).split(" ")[0] + " on " + Runtime.getRuntime().availableProcessors() + " cores";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
