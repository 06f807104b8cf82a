package io.natsjob.result;

import io.natsjob.cluster.RunIds;
import io.natsjob.log.Log;
import io.natsjob.nats.DurableReader;
import io.natsjob.protocol.ParsedStep;
import io.natsjob.protocol.StepReport;
import io.natsjob.protocol.Subjects;
import io.natsjob.protocol.WireTime;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.Step;
import io.natsjob.store.StepTable;
import io.natsjob.time.SteadyTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Stores the steps that workers report, in the order of the stream, and lets NATS know after the commit. Whether the run is open, has ended or
 * was ever there makes no difference, but for a limit ({@link StrayLimit}). While the database is away the reader waits and the steps stay in NATS. Made anew for each term; called by one thread.
 */
public final class StepReader implements DurableReader.Sink {
    /** The original's consumer has another name, and may be in use beside ours (docs/rules.md 30). */
    public static final DurableReader.Source SOURCE =
            new DurableReader.Source(Subjects.SUB_RESULT_FLOW, "natsjob-steps", "natsjob-sub-result-flow-consumer");
    private static final Log LOG = Log.of("result");

    private final Database database;
    private final BooleanSupplier leading;
    private final WireTime times;
    private final Duration kept;
    private final SteadyTime time;
    private final RunIds ids;
    private final IgnoredAnswers ignored;
    private final PatientWriter patient;
    private final StepBatch batch;
    private volatile int inHand;

    /**
     * How steps are read and for how long they stay.
     *
     * @param kept older ones are not stored: retention would delete them at once, and they may have been stored and deleted before
     */
    public record Settings(WireTime times, Duration kept) {}

    /** @throws io.natsjob.store.StoreException where the last step cannot be read */
    public StepReader(Database database, BooleanSupplier leading, Settings settings, Monitor monitor, IgnoredAnswers ignored, SteadyTime time) {
        this.database = database;
        this.leading = leading;
        this.times = settings.times;
        this.kept = settings.kept;
        this.time = time;
        this.ignored = ignored;
        this.ids = new RunIds(time, database.read(StepTable::lastId));
        this.patient = new PatientWriter(database, Priority.STEPS, "steps", () -> inHand);
        this.batch = new StepBatch(ids, monitor, ignored, time, patient);
    }

    @Override
    public boolean reading() {
        return leading.getAsBoolean();
    }

    @Override
    public long begin(long createdMillis, long lastSeq) throws InterruptedException {
        int lost = patient.write(sql -> StepTable.lost(sql, createdMillis, lastSeq));
        if (lost > 0) {
            LOG.warn("the stream has lost its newest messages, the steps among them stay", "steps", lost, "last", lastSeq);
        }
        return database.read(sql -> StepTable.lastSequence(sql, createdMillis));
    }

    @Override
    public void take(long createdMillis, List<DurableReader.Entry> entries) throws InterruptedException {
        List<PendingStep> steps = new ArrayList<>();
        entries.forEach(entry -> read(createdMillis, entry, steps));
        inHand = steps.size();
        int from = 0;
        while (from < steps.size()) {
            int to = Math.min(steps.size(), from + database.batchRows());
            patient.commit(steps.subList(from, to), batch);
            from = to;
            inHand = steps.size() - from;
        }
    }

    private void read(long createdMillis, DurableReader.Entry entry, List<PendingStep> steps) {
        switch (StepReport.parse(entry.payload(), times)) {
            case ParsedStep.Ignored junk -> ignored.count(junk.reason(), "step " + entry.seq());
            case StepReport report when entry.timeMillis() < time.millis() - kept.toMillis() -> ignored.count("step-too-old", "step " + entry.seq() + " of run " + report.taskId());
            case StepReport report -> steps.add(new PendingStep(report, new Step.Origin(createdMillis, entry.seq()), entry.timeMillis(), ids.next()));
        }
    }
}
