package io.natsjob.trigger;

import io.natsjob.job.Fire;
import io.natsjob.store.NewRun;
import io.natsjob.store.StoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Writes the claims of one second, in chunks of which the last moves the marks (docs/rules.md 4), and remembers the rows of seconds that
 * were given up halfway. For the claimer's thread.
 */
final class TickWriter {
    static final int MAX_CHUNK_ROWS = 5_000;
    private static final long CHUNK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    /** Marks that nothing else moves are written this often, so that a start has not much to look through. */
    private static final long IDLE_MARK_MILLIS = 60_000;

    private final Lead lead;
    private final MarkWriter marks;
    private final Inherited inherited;
    private final Claimer.Ports ports;
    private int chunkRows = MAX_CHUNK_ROWS;
    /** Rows of seconds that were given up before they were handed on, by the term of their claim. */
    private final Map<Long, List<Long>> unsent;
    private long markWrittenAt;

    TickWriter(Lead lead, MarkWriter marks, Inherited inherited, Claimer.Ports ports) {
        this.lead = lead;
        this.marks = marks;
        this.inherited = inherited;
        this.ports = ports;
        this.unsent = new HashMap<>(inherited.halfClaimed());
        this.markWrittenAt = lead.time().millis();
    }

    /**
     * Claims a second to its end.
     *
     * @return the fires that are ours to send
     * @throws StoreException and it is not claimed, or nobody knows: {@link MarkWriter#inDoubt}
     */
    List<Fire> claim(Attempt attempt) {
        Tick tick = attempt.tick();
        if (tick.fireAt() <= lead.term().marks().claimed()) {
            return List.of();
        }
        if (lead.time().millis() > tick.fireAt() + Fire.MAX_LATE_MILLIS) {
            throw new StoreException(StoreException.Kind.UNAVAILABLE, "the claim came over 30 s late");
        }
        List<NewRun> rows = attempt.claims().rows(lead.rows(), lead.time().millis());
        Set<Long> ours = new HashSet<>();
        int from = 0;
        while (rows.size() - from > chunkRows) {
            List<NewRun> chunk = rows.subList(from, from + chunkRows);
            from += chunk.size();
            long began = lead.time().nanosUntil(0);
            noteUnsent(chunk);
            ours.addAll(marks.insert(chunk));
            adapt(chunk.size(), began - lead.time().nanosUntil(0));
        }
        ours.addAll(finish(tick, rows.subList(from, rows.size())));
        return attempt.claims().fires(ours);
    }

    /** Looks up a transaction whose answer was lost; where it was the claim of this second and is committed, the fires that are ours. */
    Optional<List<Fire>> lookUp(Attempt attempt) {
        Claims claims = attempt.claims();
        List<NewRun> rows = claims.begun() ? claims.rows(lead.rows(), lead.time().millis()) : List.of();
        return marks.resolve(rows).filter(ours -> claims.begun()).map(claims::fires);
    }

    /** Run ids by the term of their claim. */
    Map<Long, List<Long>> unsent() {
        return unsent;
    }

    /** This leader's rows were handed on; those of a former one still wait to be removed. */
    void handedOn() {
        unsent.remove(lead.term().number());
    }

    /** The rows are gone. */
    void removed() {
        unsent.clear();
    }

    private Set<Long> finish(Tick tick, List<NewRun> last) {
        marks.decided(ports.settlements().take());
        long committed = ports.durability().committed();
        boolean nothing = tick.recorded().isEmpty() && tick.paused().isEmpty() && inherited.at(tick.fireAt()).isEmpty() && marks.nothingDecided();
        if (nothing && committed == 0 && tick.fireAt() - markWrittenAt < IDLE_MARK_MILLIS) {
            return Set.of();
        }
        noteUnsent(last);
        Set<Long> ours = marks.finish(last, Passed.paused(tick), tick.fireAt());
        markWrittenAt = tick.fireAt();
        ports.durability().durable(committed);
        return ours;
    }

    private void noteUnsent(List<NewRun> rows) {
        unsent.computeIfAbsent(lead.term().number(), of -> new ArrayList<>()).addAll(rows.stream().map(NewRun::id).toList());
    }

    /** Keeps a chunk at about 50 ms, so that nobody waits long behind it. */
    private void adapt(int rows, long nanos) {
        long fitting = nanos <= 0 ? MAX_CHUNK_ROWS : rows * CHUNK_NANOS / nanos;
        chunkRows = Math.clamp(fitting, 100, MAX_CHUNK_ROWS);
    }
}
