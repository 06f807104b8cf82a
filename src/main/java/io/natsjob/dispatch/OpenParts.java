package io.natsjob.dispatch;

import io.natsjob.job.Parts;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.store.PartEnd;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * The parts of an open ultra run: which have ended, and what the run becomes by them. Changed by {@link OpenRuns} under its lock and no more
 * once the run has ended; who asks before that gets a moment's view.
 */
public final class OpenParts {
    private final long runId;
    private final Parts parts;
    private final BitSet ended = new BitSet();
    private PartEnd failed;

    OpenParts(long runId, Parts parts) {
        this.runId = runId;
        this.parts = parts;
    }

    /** Whether every worker has a shard; else one worker was chosen, whose answer is the run's. */
    public boolean broadcast() {
        return parts.broadcast();
    }

    public int size() {
        return parts.size();
    }

    /** Which part has this sub-id; nothing where none of this run has. */
    public OptionalInt indexOf(long subId) {
        return parts.indexOf(runId, subId);
    }

    /** The worker that part {@code index} is addressed to. */
    public String workerId(int index) {
        return parts.workerIds().get(index);
    }

    public long subId(int index) {
        return Parts.subId(runId, index);
    }

    /** The parts that have not ended, in order. */
    List<Integer> open() {
        return IntStream.range(0, size()).filter(index -> !ended.get(index)).boxed().toList();
    }

    /** The workers that have not answered, in order. */
    public List<String> unanswered() {
        return open().stream().map(this::workerId).toList();
    }

    /** The part that failed first, null where none did. */
    public PartEnd failed() {
        return failed;
    }

    int left() {
        return size() - ended.cardinality();
    }

    /** False where the part has ended before, or is none of this run's. */
    boolean end(PartEnd end) {
        OptionalInt index = indexOf(end.subId());
        if (index.isEmpty() || ended.get(index.getAsInt())) {
            return false;
        }
        ended.set(index.getAsInt());
        if (failed == null && end.state() == RunState.FAIL) {
            failed = end;
        }
        return true;
    }

    /** What happens to the run when no further part is awaited: all have ended, or its deadline has passed. */
    RunEvent verdict() {
        if (failed != null) {
            return RunEvent.FAILED;
        }
        return left() > 0 ? RunEvent.DEADLINE_PASSED : RunEvent.SUCCEEDED;
    }
}
