package io.natsjob.dispatch;

import io.natsjob.job.RunEvent;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.store.PartEnd;
import io.natsjob.time.Wheel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that are open: sent or about to be, not yet ended in the database. Counts those that still run, by job, for the limit
 * of concurrent runs; keeps their deadlines in a wheel. A run that has ended counts no longer, but is known until its end is
 * committed. Safe for all threads. Bounded by the jobs' concurrency limits.
 */
public final class OpenRuns {
    /** A deadline that has passed, of the step in which the run was then (docs/rules.md 29). */
    public record Due(OpenRun run, RunStep step, long deadlineAt) {
        private static Due of(OpenRun run) {
            return new Due(run, run.step(), run.deadlineAt());
        }

        private RunEvent event() {
            return run.parts() == null ? RunEvent.DEADLINE_PASSED : run.parts().verdict();
        }
    }

    /**
     * A part has ended by the call that got this.
     *
     * @param run the final state to which it, as the last one, has brought its run; null while others are awaited
     */
    public record PartDone(RunState run) {}

    private final Map<Long, OpenRun> byId = new HashMap<>();
    private final Map<Long, Integer> runningByJob = new HashMap<>();
    private final Wheel deadlines = new Wheel();
    private final ArrayDeque<Integer> freeSlots = new ArrayDeque<>();
    private OpenRun[] bySlot = new OpenRun[256];
    private int slots;
    private int running;
    /** Deadlines up to this second were handed out, 0 before the first; one that is put later comes with the next second. */
    private long handedOut;

    /**
     * Takes in a run that is to be sent now, unless the job has {@code maxConcurrency} running already.
     *
     * @return how many others run, or -1 when it was not taken in
     */
    synchronized int admit(OpenRun run, int maxConcurrency) {
        int others = running(run.jobId());
        if (others >= maxConcurrency) {
            return -1;
        }
        add(run);
        return others;
    }

    /** Takes in a run found open in the database, in the place of one with the same id. */
    public synchronized void add(OpenRun run) {
        find(run.id()).ifPresent(this::forget);
        byId.put(run.id(), run);
        runningByJob.merge(run.jobId(), 1, Integer::sum);
        running++;
        run.slot = freeSlots.isEmpty() ? slots++ : freeSlots.pop();
        if (run.slot == bySlot.length) {
            bySlot = Arrays.copyOf(bySlot, 2 * bySlot.length);
        }
        bySlot[run.slot] = run;
        deadlines.put(run.slot, Math.max(secondAfter(run.deadlineAt()), handedOut + 1));
    }

    public synchronized Optional<OpenRun> find(long id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Ends the run in whatever step it is, as {@link #end(OpenRun, RunStep, RunEvent)}. */
    public synchronized Optional<RunState> end(OpenRun run, RunEvent event) {
        return end(run, run.step(), event);
    }

    /**
     * Moves the run to the final state that {@code event} leads to.
     *
     * @param of    the step that the event belongs to
     * @param event any but STEP_DONE, which ends nothing: see {@link #next}
     * @return the state, for the one caller whose event ended it, who then has to write it
     */
    public synchronized Optional<RunState> end(OpenRun run, RunStep of, RunEvent event) {
        if (event == RunEvent.STEP_DONE) {
            throw new IllegalArgumentException("run " + run.id() + ": a step that is done does not end it");
        }
        if (byId.get(run.id()) != run || !run.move(event, of)) {
            return Optional.empty();
        }
        running--;
        runningByJob.computeIfPresent(run.jobId(), (job, count) -> count == 1 ? null : count - 1);
        deadlines.remove(run.slot);
        return Optional.of(run.state());
    }

    /**
     * Ends one part of a run, and with the last one the run: success if every part is, else fail.
     *
     * @return for the one caller who ended the part and has to write it; nothing where it, or its run, has ended before
     */
    public synchronized Optional<PartDone> endPart(OpenRun run, PartEnd end) {
        if (byId.get(run.id()) != run || run.state().isFinal() || !run.parts().end(end)) {
            return Optional.empty();
        }
        return Optional.of(new PartDone(run.parts().left() > 0 ? null : end(run, run.parts().verdict()).orElseThrow()));
    }

    /** A part that a former leader has stored; the run itself stays open. Where no such run is, nothing happens. */
    public synchronized void restore(PartEnd end) {
        find(end.runId()).map(OpenRun::parts).ifPresent(parts -> parts.end(end));
    }

    /**
     * As {@link #end}, but only where the deadline that was handed out is still the run's: a map's main step has another. A run with parts
     * expires only where none has failed.
     */
    public synchronized Optional<RunState> expire(Due due) {
        return due.run.deadlineAt() == due.deadlineAt ? end(due.run, due.step, due.event()) : Optional.empty();
    }

    /**
     * Moves a map's run to its main step. It counts as running all the time; from here to {@link #begin} no deadline ends it.
     *
     * @return true for the one caller who then has to write it
     */
    public synchronized boolean next(OpenRun run) {
        if (byId.get(run.id()) != run || !run.move(RunEvent.STEP_DONE, RunStep.PRE)) {
            return false;
        }
        deadlines.remove(run.slot);
        return true;
    }

    /** The main step is committed, or sent, and has this deadline (epoch milliseconds); false when the run has ended. */
    public synchronized boolean begin(OpenRun run, long deadlineAt) {
        if (byId.get(run.id()) != run || run.state().isFinal()) {
            return false;
        }
        run.deadlineAt(deadlineAt);
        deadlines.remove(run.slot);
        deadlines.put(run.slot, Math.max(secondAfter(deadlineAt), handedOut + 1));
        return true;
    }

    /** The end of the run is committed, or its row was dropped. */
    public synchronized void forget(OpenRun run) {
        if (byId.remove(run.id(), run)) {
            deadlines.remove(run.slot);
            bySlot[run.slot] = null;
            freeSlots.push(run.slot);
            if (!run.state().isFinal()) {
                running--;
                runningByJob.computeIfPresent(run.jobId(), (job, count) -> count == 1 ? null : count - 1);
            }
        }
    }

    /**
     * The running ones whose deadline has passed in {@code second} (epoch seconds, to be asked for each in turn); each is handed
     * out once. The first call hands out all that are overdue: the wheel would find them only when it comes round.
     */
    public synchronized List<Due> due(long second) {
        List<Due> due = new ArrayList<>();
        if (handedOut == 0) {
            byId.values().stream().filter(run -> !run.state().isFinal() && secondAfter(run.deadlineAt()) <= second).map(Due::of).forEach(due::add);
            due.forEach(each -> deadlines.remove(each.run.slot));
        } else {
            deadlines.drain(second, slot -> due.add(Due.of(bySlot[slot])));
        }
        handedOut = Math.max(handedOut, second);
        return due;
    }

    public synchronized int running(long jobId) {
        return runningByJob.getOrDefault(jobId, 0);
    }

    public synchronized int running() {
        return running;
    }

    /** Runs that were sent under this namespace's name. */
    public synchronized int running(String namespace) {
        return (int) byId.values().stream().filter(run -> !run.state().isFinal() && run.names().namespace().equals(namespace)).count();
    }

    /** Parts of broadcasts to named workers that have not ended; of the runs under this namespace's name, null: of all. */
    public synchronized int runningParts(String namespace) {
        return byId.values().stream().filter(run -> run.parts() != null && run.parts().broadcast() && !run.state().isFinal())
                .filter(run -> namespace == null || run.names().namespace().equals(namespace)).mapToInt(run -> run.parts().left()).sum();
    }

    /** The smallest id of an open run, at most {@code atMost}. */
    public synchronized long oldestId(long atMost) {
        return byId.keySet().stream().mapToLong(Long::longValue).reduce(atMost, Math::min);
    }

    /** The first whole second that is later than {@code millis}. */
    private static long secondAfter(long millis) {
        return Math.floorDiv(millis, 1_000) + 1;
    }
}
