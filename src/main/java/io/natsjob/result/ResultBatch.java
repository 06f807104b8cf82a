package io.natsjob.result;

import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.RunState;
import io.natsjob.log.Log;
import io.natsjob.store.Expiry;
import io.natsjob.store.Known;
import io.natsjob.store.ParkedTable;
import io.natsjob.store.PartEnd;
import io.natsjob.store.PartTable;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.Sql;
import io.natsjob.store.Tally;
import io.natsjob.store.TallyTable;
import io.natsjob.time.SteadyTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** The transaction of a group of transitions, and what follows from its commit. For one writer's thread. */
final class ResultBatch {
    private static final Log LOG = Log.of("result");

    /**
     * What a transaction did.
     *
     * @param unchanged what stands in the database of the runs whose row was not changed: their state and names, null where there is no row
     * @param moved     runs whose row has its new deadline, epoch milliseconds
     * @param parts     sub-ids of the parts that have their row by it
     */
    record Written(Map<Long, Known> unchanged, Map<OpenRun, Long> moved, Set<Long> parts) {
        static final Written NOTHING = new Written(Map.of(), Map.of(), Set.of());
    }

    private final Term term;
    private final int tallyWriter;
    private final OpenRuns open;
    private final ReadPosition position;
    private final IgnoredAnswers ignored;
    private final SteadyTime time;
    private final Consumer<OpenRun> mainStep;

    /** @param mainStep told of maps whose main step is committed; must not wait */
    ResultBatch(Term term, int tallyWriter, OpenRuns open, ReadPosition position, IgnoredAnswers ignored, SteadyTime time, Consumer<OpenRun> mainStep) {
        this.term = term;
        this.tallyWriter = tallyWriter;
        this.open = open;
        this.position = position;
        this.ignored = ignored;
        this.time = time;
        this.mainStep = mainStep;
    }

    /** Everything of {@code transitions}, which are sorted by run; their tallies come last (docs/rules.md 28). */
    Written write(Sql sql, List<Transition> transitions) {
        List<Transition.Ended> ended = only(Transition.Ended.class, transitions);
        List<Transition.Expired> expired = only(Transition.Expired.class, transitions);
        Map<String, Tally> tallies = new HashMap<>();
        List<Long> asked = new ArrayList<>(only(Transition.Unmatched.class, transitions).stream().map(Transition::runId).toList());
        Map<OpenRun, Long> moved = new HashMap<>();
        for (Transition.Next next : only(Transition.Next.class, transitions)) {
            next(sql, next, moved, asked);
        }
        for (Transition.Postponed late : only(Transition.Postponed.class, transitions)) {
            // The end of a run looks for the deadline that stood before, and writes the new one itself (docs/rules.md 29).
            if (expired.stream().noneMatch(end -> end.runId() == late.runId())
                    && RunTable.moveDeadline(sql, term.number(), late.runId(), late.step(), late.deadlineAt()) == 1) {
                moved.put(late.run(), late.deadlineAt());
            }
        }
        Set<Long> parts = parts(sql, transitions);
        int[] changed = RunTable.end(sql, ended.stream().map(Transition.Ended::end).toList());
        for (int i = 0; i < changed.length; i++) {
            count(changed[i], ended.get(i).run().jobId(), ended.get(i).run().fireAt(), ended.get(i).end(), tallies, asked);
        }
        changed = RunTable.expire(sql, term.number(), expired.stream().map(e -> new Expiry(e.end(), e.step(), e.run().storedDeadline())).toList());
        for (int i = 0; i < changed.length; i++) {
            count(changed[i], expired.get(i).run().jobId(), expired.get(i).run().fireAt(), expired.get(i).end(), tallies, asked);
        }
        Map<Long, Known> known = asked.isEmpty() ? Map.of() : RunTable.known(sql, asked);
        TallyTable.add(sql, tallyWriter, List.copyOf(tallies.values()));
        Map<Long, Known> unchanged = new HashMap<>();
        asked.forEach(id -> unchanged.put(id, known.get(id)));
        return new Written(unchanged, moved, parts);
    }

    /** Before the ends of their runs: a part is written only while its run is open. */
    private static Set<Long> parts(Sql sql, List<Transition> transitions) {
        List<PartEnd> ends = new ArrayList<>();
        for (Transition transition : transitions) {
            if (transition instanceof Transition.PartEnded part) {
                ends.add(part.part());
            } else if (transition instanceof Transition.Ended run && run.part() != null) {
                ends.add(run.part());
            }
        }
        Set<Long> written = new HashSet<>();
        int[] changed = PartTable.end(sql, ends);
        for (int i = 0; i < changed.length; i++) {
            if (changed[i] == 1) {
                written.add(ends.get(i).subId());
            }
        }
        return written;
    }

    /** Keeps a result that the database refuses for itself, under its time {@code at}; the run still gets its state, with the reason why its texts are missing. */
    Written park(Sql sql, Transition poison, String why, long at) {
        ParkedTable.insert(sql, at, key(poison), poison.toString(), why);
        return switch (poison) {
            case Transition.Ended e -> write(sql, List.of(new Transition.Ended(e.run(), plain(e.end(), why), plain(e.part(), why), e.place(), e.written())));
            case Transition.PartEnded p -> write(sql, List.of(new Transition.PartEnded(p.run(), plain(p.part(), why), p.place(), p.written())));
            case Transition.Expired e -> write(sql, List.of(new Transition.Expired(e.run(), e.step(), plain(e.end(), why))));
            case Transition.Next n -> Written.NOTHING;
            case Transition.Postponed p -> Written.NOTHING;
            case Transition.Unmatched u -> Written.NOTHING;
        };
    }

    /** Keeps a result of whose run the database takes not even the plain end; the row stays open for the next start. */
    Written setAside(Sql sql, Transition poison, String why, long at) {
        ParkedTable.insert(sql, at, key(poison), poison.toString(), why);
        return Written.NOTHING;
    }

    /** What is told apart of results of one moment: the run, or its part. */
    private static String key(Transition poison) {
        PartEnd part = switch (poison) {
            case Transition.Ended run -> run.part();
            case Transition.PartEnded of -> of.part();
            default -> null;
        };
        return part == null ? Long.toString(poison.runId()) : poison.runId() + "." + part.subId();
    }

    /** To be called when the transaction has committed: the memory follows, and NATS may forget. */
    void committed(List<Transition> transitions, Written written) {
        written.moved.forEach(OpenRun::deadlineStored);
        for (Transition transition : transitions) {
            switch (transition) {
                case Transition.Ended e -> {
                    unchanged(e.runId(), written);
                    open.forget(e.run());
                    if (e.place() != null) {
                        position.done(e.place(), e.run().names().namespace());
                    }
                    e.written().complete(!written.unchanged().containsKey(e.runId()));
                }
                case Transition.PartEnded p -> {
                    if (p.place() != null) {
                        position.done(p.place(), p.run().names().namespace());
                    }
                    p.written().complete(written.parts().contains(p.part().subId()));
                }
                case Transition.Expired e -> {
                    unchanged(e.runId(), written);
                    open.forget(e.run());
                }
                case Transition.Next n -> next(n, written);
                case Transition.Postponed p -> { }
                case Transition.Unmatched u -> unmatched(u, written.unchanged().get(u.runId()));
            }
        }
    }

    private void next(Sql sql, Transition.Next next, Map<OpenRun, Long> moved, List<Long> asked) {
        long deadline = time.millis() + next.run().main().job().spec().limits().timeoutMillis();
        if (RunTable.mainStep(sql, term.number(), next.runId(), next.stepAt(), deadline) == 1) {
            moved.put(next.run(), deadline);
        } else {
            asked.add(next.runId());
        }
    }

    private void next(Transition.Next next, Written written) {
        Long deadline = written.moved.get(next.run());
        if (deadline != null) {
            if (open.begin(next.run(), deadline)) {
                mainStep.accept(next.run());
            }
            next.written().complete(true);
        } else if (written.unchanged.containsKey(next.runId())) {
            Known known = written.unchanged.get(next.runId());
            if (known != null && !known.state().isFinal()) {
                LOG.warn("a main step was not written, this server no longer leads", "run", next.runId());
                return; // The answer is the next leader's: it stays in NATS.
            }
            unchanged(next.runId(), written);
            open.forget(next.run());
        }
        position.done(next.place(), next.run().names().namespace());
    }

    private void unmatched(Transition.Unmatched answer, Known known) {
        String reason;
        if (known == null) {
            reason = "unknown";
        } else if (!known.names().equals(answer.names())) {
            reason = "foreign";
        } else {
            reason = known.state().isFinal() ? "final" : "early";
        }
        if (known != null) {
            position.ours(known.names().namespace());
        }
        ignored.count(reason, answer.key());
        position.done(answer.place(), answer.names().namespace());
    }

    private static void unchanged(long runId, Written written) {
        if (written.unchanged().containsKey(runId)) {
            Known known = written.unchanged().get(runId);
            LOG.warn("a run had ended already", "run", runId, "state", known == null ? "no row" : known.state().word());
        }
    }

    private static void count(int changed, long jobId, long fireAt, RunEnd end, Map<String, Tally> tallies, List<Long> unchanged) {
        if (changed == 0) {
            unchanged.add(end.id());
            return;
        }
        long hour = Tally.hourOf(fireAt);
        String outcome = end.state().word();
        tallies.merge(jobId + "/" + hour + "/" + outcome, new Tally(jobId, hour, outcome, 1, fireAt),
                (a, b) -> new Tally(jobId, hour, outcome, a.count() + 1, Math.max(a.lastAt(), b.lastAt())));
    }

    private static PartEnd plain(PartEnd end, String why) {
        return end == null ? null : new PartEnd(end.runId(), end.subId(), "", end.state(), apart(why), "", "", end.endedAt());
    }

    private static String apart(String why) {
        return "the worker's texts are kept apart (natsjob_parked): " + why;
    }

    private static RunEnd plain(RunEnd end, String why) {
        return new RunEnd(end.id(), end.state(), apart(why), "", "", "", end.sentAt(), end.deadlineAt(), end.endedAt());
    }

    private static <T extends Transition> List<T> only(Class<T> type, List<Transition> transitions) {
        return transitions.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
