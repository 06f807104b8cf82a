package io.natsjob.result;

import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.log.Log;
import io.natsjob.store.Database;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Commits transitions in groups: a lane for each batch that the database takes in parallel, a run always in the same lane
 * (docs/rules.md 28). A full lane makes the caller wait: for the answer reader that is the back-pressure which leaves
 * answers in NATS.
 */
public final class ResultWriter implements AutoCloseable {
    /** Transitions waiting, over all lanes. */
    static final int QUEUED = 16_000;
    /** Connections that result batches may hold at once, whatever the setting says (docs/rules.md 28). */
    private static final int MAX_LANES = 16;
    /** Between two looks whether the writer has stopped meanwhile. */
    private static final Duration WAIT = Duration.ofMillis(500);
    private static final Log LOG = Log.of("result");

    private final List<WriterLane> lanes = new ArrayList<>();

    ResultWriter(Database database, Term term, OpenRuns open, ReadPosition position, IgnoredAnswers ignored, SteadyTime time) {
        int count = Math.min(database.parallelBatches(), MAX_LANES);
        for (int number = 1; number <= count; number++) {
            ResultBatch batch = new ResultBatch(term, number, open, position, ignored);
            lanes.add(new WriterLane(database, batch, number, QUEUED / count, time));
        }
    }

    void start() {
        lanes.forEach(WriterLane::start);
    }

    /**
     * Hands a transition to its lane, waiting for room.
     *
     * @throws StoreException UNAVAILABLE when the writer has stopped, or the caller is interrupted
     */
    void submit(Transition transition) {
        WriterLane lane = lane(transition.runId());
        while (!lane.reserve(WAIT)) {
            LOG.debug("results wait for room", "inFlight", inFlight());
        }
        lane.put(transition);
    }

    /** Hands a transition to its lane if there is room now. */
    boolean offer(Transition transition) {
        if (!reserve(transition.runId(), Duration.ZERO)) {
            return false;
        }
        lane(transition.runId()).put(transition);
        return true;
    }

    /** Keeps room for one transition of a run, to be used by {@link #put} or given back; false when there is none within {@code limit}. */
    boolean reserve(long runId, Duration limit) {
        return lane(runId).reserve(limit);
    }

    void put(Transition reserved) {
        lane(reserved.runId()).put(reserved);
    }

    void unreserve(long runId) {
        lane(runId).unreserve();
    }

    private WriterLane lane(long runId) {
        return lanes.get((int) (runId % lanes.size()));
    }

    /** Transitions that wait or are being written. */
    public int inFlight() {
        return lanes.stream().mapToInt(WriterLane::inFlight).sum();
    }

    /** Writes what waits, for up to {@code limit}; what is left is read from NATS again at the next start. */
    void close(Duration limit) {
        lanes.forEach(lane -> lane.close(limit));
        if (inFlight() > 0) {
            LOG.warn("results were not written before the stop, NATS still has them", "results", inFlight());
        }
    }

    @Override
    public void close() {
        close(Duration.ofSeconds(5));
    }
}
