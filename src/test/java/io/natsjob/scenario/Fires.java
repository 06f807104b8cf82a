package io.natsjob.scenario;

import io.natsjob.testkit.FakeWorker;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges by a raw worker whether the leader follows a write: from one second after it, each second has a message of the job, or none has.
 * Collects what is to be judged, so that many writes wait together.
 */
final class Fires {
    private static final long KNOWN_MILLIS = 1_000;
    private static final long LOOKED_AT_MILLIS = 3_000;
    /** For a message of the last second to arrive. */
    private static final long ARRIVED_MILLIS = 700;

    private record Expected(String what, String path, boolean fires, String args, long from) {}

    private final FakeWorker worker;
    private final Verdict verdict;
    private final List<Expected> expected = new ArrayList<>();

    Fires(FakeWorker worker, Verdict verdict) {
        this.worker = worker;
        this.verdict = verdict;
    }

    /** The job {@code namespace.app.name} fires each second, from a second after now. */
    Fires fires(String what, String path) {
        return fires(what, path, null);
    }

    /** With these args. */
    Fires fires(String what, String path, String args) {
        expected.add(new Expected(what, path, true, args, System.currentTimeMillis()));
        return this;
    }

    /** It does not fire, from a second after now. */
    Fires silent(String what, String path) {
        expected.add(new Expected(what, path, false, null, System.currentTimeMillis()));
        return this;
    }

    /** Waits and judges. */
    void judge() {
        judge(KNOWN_MILLIS);
    }

    /** @param known milliseconds after which the leader must know */
    void judge(long known) {
        long last = expected.stream().mapToLong(Expected::from).max().orElseThrow();
        Scene.until(last + known + LOOKED_AT_MILLIS - KNOWN_MILLIS + ARRIVED_MILLIS);
        for (Expected each : expected) {
            Set<Long> seconds = seconds(each.from + known, last + known + LOOKED_AT_MILLIS - KNOWN_MILLIS);
            List<Long> got = worker.received().stream().filter(message -> message.subject().endsWith(".start." + each.path))
                    .filter(message -> each.args == null || each.args.equals(message.job().getString("jobArgs", null))).map(message -> Group.scheduled(message.job()))
                    .filter(seconds::contains).sorted().toList();
            verdict.equal(each.what + ": messages of " + each.path + (each.args == null ? "" : " with new args") + ", of " + seconds.size() + " seconds from " + known + " ms after it",
                    each.fires ? List.copyOf(seconds) : List.of(), got);
        }
        expected.clear();
    }

    private static Set<Long> seconds(long after, long upTo) {
        Set<Long> seconds = new TreeSet<>();
        for (long second = after - Math.floorMod(after, 1_000) + 1_000; second <= upTo; second += 1_000) {
            seconds.add(second);
        }
        return seconds;
    }
}
