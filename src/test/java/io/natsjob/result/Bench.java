package io.natsjob.result;

import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.Term;
import io.natsjob.dispatch.OpenRun;
import io.natsjob.dispatch.OpenRuns;
import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Limits;
import io.natsjob.job.Model;
import io.natsjob.job.Parts;
import io.natsjob.job.Run;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunNames;
import io.natsjob.job.RunState;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.End;
import io.natsjob.protocol.ResultKey;
import io.natsjob.store.Database;
import io.natsjob.store.NewRun;
import io.natsjob.store.PartTable;
import io.natsjob.store.Priority;
import io.natsjob.store.RunEnd;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreOptions;
import io.natsjob.store.TallyTable;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/** A real SQLite database with a leader, open runs in memory, and the pieces that end them. Times follow a clock that the test moves. */
final class Bench implements AutoCloseable {
    static final long NOW = 1_800_000_000_000L;
    static final RunNames NAMES = new RunNames("app", "biz", "job");
    final ManualClock clock = new ManualClock(NOW);
    final SteadyTime time = new SteadyTime(clock);
    final OpenRuns open = new OpenRuns();
    final ReadPosition position = new ReadPosition();
    final IgnoredAnswers ignored = new IgnoredAnswers(time);
    /** Maps whose main step was committed. */
    final List<OpenRun> mainSteps = Collections.synchronizedList(new ArrayList<>());
    final Database database;
    final Term term;

    Bench(Path folder) {
        database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 8), Clock.system());
        term = new Leadership(database, time).take().orElseThrow();
        position.restart(1_000);
    }

    ResultBatch batch() {
        return new ResultBatch(term, 1, open, position, ignored, time, mainSteps::add);
    }

    ResultWriter writer() {
        return new ResultWriter(database, term, open, position, ignored, time, mainSteps::add);
    }

    /** A run that is open in the database and in memory, with the same deadline in both. */
    OpenRun run(long id) {
        return run(id, NAMES, NOW + 30_000, NOW + 30_000);
    }

    OpenRun run(long id, RunNames names, long storedDeadline, long deadlineAt) {
        row(id, names, storedDeadline);
        OpenRun run = new OpenRun(id, 7, names, RunTrigger.CRON, NOW, storedDeadline, deadlineAt, NOW + 3);
        open.add(run);
        return run;
    }

    /** The run of a map in its first step, with 10 s for each step. */
    OpenRun map(long id) {
        return map(id, NOW + 30_000);
    }

    OpenRun map(long id, long deadlineAt) {
        row(id, NAMES, deadlineAt, RunStep.PRE, null);
        Job job = Jobs.map(7, Model.MAX, SubjectModel.MEMORY, new Limits(10, 10));
        Fire fire = new Fire(Fire.NO_SLOT, job, NOW, id, RunTrigger.CRON, false, "", deadlineAt);
        OpenRun run = new OpenRun(id, 7, NAMES, RunTrigger.CRON, NOW, deadlineAt, deadlineAt, NOW + 3).inFirstStep(fire);
        open.add(run);
        return run;
    }

    /** A run that was sent to workers by name. */
    OpenRun ultra(long id, Parts parts) {
        row(id, NAMES, NOW + 30_000, RunStep.MAIN, parts);
        OpenRun run = new OpenRun(id, 7, NAMES, RunTrigger.CRON, NOW, NOW + 30_000, NOW + 30_000, NOW + 3).to(parts);
        open.add(run);
        return run;
    }

    /** The ended parts of a run as {@code worker state reason}, in order. */
    List<String> parts(long id) {
        return database.read(sql -> PartTable.of(sql, List.of(id))).getOrDefault(id, Map.of()).entrySet().stream().sorted(Map.Entry.comparingByKey())
                .map(part -> part.getValue().workerId() + " " + part.getValue().state().word() + " " + part.getValue().reason()).toList();
    }

    void row(long id, RunNames names, long deadline) {
        row(id, names, deadline, RunStep.MAIN, null);
    }

    private void row(long id, RunNames names, long deadline, RunStep step, Parts parts) {
        NewRun row = new NewRun(id, 7, 1, names, RunTrigger.CRON, NOW + id, 1, deadline, "", step, parts);
        database.write(Priority.CLAIM, sql -> {
            RunTable.insert(sql, term.number(), List.of(row));
            return null;
        });
    }

    Transition.Ended ended(OpenRun run, RunState state, String reason, long revision) {
        open.end(run, state == RunState.SUCCESS ? RunEvent.SUCCEEDED : RunEvent.FAILED);
        return new Transition.Ended(run, end(run, state, reason), null, revision == 0 ? null : position.read(revision), new CompletableFuture<>());
    }

    Transition.Expired expired(OpenRun run) {
        open.end(run, RunEvent.DEADLINE_PASSED);
        return new Transition.Expired(run, run.step(), expiredEnd(run));
    }

    private static RunEnd end(OpenRun run, RunState state, String reason) {
        return new RunEnd(run.id(), state, reason, "", "", "w1", run.sentAt(), run.deadlineAt(), NOW + 100);
    }

    static RunEnd expiredEnd(OpenRun run) {
        return end(run, RunState.EXPIRED, "no answer");
    }

    Run stored(long id) {
        return database.read(sql -> RunTable.find(sql, id)).orElseThrow();
    }

    /** {@code step step_at deadline_at} of the row. */
    String step(long id) {
        return database.read(sql -> sql.one("SELECT step, step_at, deadline_at FROM natsjob_run WHERE id = ?",
                row -> RunStep.stored(row.intAt(1)) + " " + row.longOrNull(2) + " " + row.longAt(3), id)).orElseThrow();
    }

    RunState state(long id) {
        return stored(id).state();
    }

    Map<String, Long> tallies() {
        return database.read(sql -> TallyTable.of(sql, 7, 0, Long.MAX_VALUE)).stream().collect(Collectors.toMap(t -> t.outcome(), t -> t.count(), Long::sum));
    }

    static String key(long id) {
        return key(id, NAMES);
    }

    static String key(long id, RunNames names) {
        return new ResultKey(End.END, names, id, null).text();
    }

    @Override
    public void close() {
        database.close();
    }
}
