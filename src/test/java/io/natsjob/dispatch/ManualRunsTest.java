package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Subscription;
import io.natsjob.cluster.Leadership;
import io.natsjob.cluster.LiveWorkers;
import io.natsjob.cluster.RunIds;
import io.natsjob.cluster.Term;
import io.natsjob.cluster.WorkerChoice;
import io.natsjob.job.Condition;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Limits;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.Buckets;
import io.natsjob.store.Database;
import io.natsjob.store.Priority;
import io.natsjob.store.RunTable;
import io.natsjob.store.StoreOptions;
import io.natsjob.store.StoredOpenRun;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManualRunsTest {
    private static final long NOW = 1_800_000_000_000L;
    private final ManualClock clock = new ManualClock(NOW);
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final Weather weather = new Weather();
    private final LiveWorkers live = new LiveWorkers();
    private volatile boolean overtaken;
    private Wire wire;
    private Database database;
    private Leadership leadership;
    private Confirmer confirmer;
    private JetStreamLane lane;
    private ManualRuns manual;

    @BeforeEach
    void begin(@TempDir Path folder) {
        wire = new Wire(Clock.system());
        database = Database.open(new StoreOptions("sqlite", folder.resolve("natsjob.db").toString(), 1), Clock.system());
        leadership = new Leadership(database, time);
        Term term = leadership.take().orElseThrow();
        confirmer = new Confirmer(wire.publishing);
        lane = new JetStreamLane(wire.publishing, open, time, () -> 120_000, this::leading);
        confirmer.start();
        lane.start();
        manual = new ManualRuns(database, term, new RunIds(time, 0), new Admission(weather, time), new Addressing(live.workers, new WorkerChoice(new Random(1)), weather),
                wire.sender(open, time, confirmer, lane, new ArrayList<>()), open, time);
    }

    @AfterEach
    void end() throws Exception {
        confirmer.close();
        lane.close();
        database.close();
        wire.close();
    }

    /** Asked right before each message on a JetStream subject. */
    private boolean leading() {
        if (overtaken) {
            leadership.take();
        }
        return !overtaken;
    }

    @Test
    void runs_of_one_instant_get_a_fire_time_each_and_never_a_whole_second() {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY);
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            ManualRuns.Result result = manual.run(job, "now", null, false);
            assertEquals(null, result.refusal());
            ids.add(result.taskId());
        }
        assertEquals(ids, rows().stream().map(StoredOpenRun::id).toList());
        assertEquals(List.of(NOW + 1, NOW + 2, NOW + 3), rows().stream().map(StoredOpenRun::fireAt).toList());
        assertTrue(rows().stream().allMatch(row -> row.args().equals("now") && row.trigger() == RunTrigger.MANUAL));
    }

    @Test
    void lite_and_plus_leave_no_row() {
        assertNotEquals(0, manual.run(Jobs.of(1, Model.LITE, SubjectModel.MEMORY), "", null, false).taskId());
        assertNotEquals(0, manual.run(Jobs.of(1, Model.PLUS, SubjectModel.JET_STREAM), "", null, false).taskId());
        assertEquals(List.of(), rows());
    }

    @Test
    void never_more_than_the_limit_whatever_the_threads_and_no_row_stays_of_the_others() throws Exception {
        Job job = Jobs.of(1, Model.MAX, SubjectModel.MEMORY, new Limits(3, 30));
        List<ManualRuns.Result> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<ManualRuns.Result>> all = new ArrayList<>();
            for (int i = 0; i < 24; i++) {
                all.add(threads.submit(() -> manual.run(job, "", null, false)));
            }
            for (Future<ManualRuns.Result> each : all) {
                results.add(each.get());
            }
        }
        assertEquals(3, results.stream().filter(result -> result.refusal() == null).count());
        assertEquals(21, results.stream().filter(result -> result.refusal() == SkipReason.CONCURRENCY && result.taskId() == 0).count());
        assertEquals(3, rows().size());
        assertEquals(3, open.running(1));
        assertEquals(null, manual.run(job, "", null, true).refusal(), "force passes over the limit");
    }

    @Test
    void a_stream_that_is_away_removes_the_row() throws Exception {
        wire.spy.jetStreamManagement().deleteStream(Buckets.STREAM);
        assertEquals(new ManualRuns.Result(0, SkipReason.NATS_DOWN), manual.run(Jobs.of(1, Model.MAX, SubjectModel.JET_STREAM), "", null, false));
        assertEquals(List.of(), rows());
        assertEquals(0, open.running());
    }

    @Test
    void a_row_that_cannot_be_removed_ends_at_its_deadline_with_the_reason() throws Exception {
        database.write(Priority.EDIT, sql -> sql.update("CREATE TRIGGER keep BEFORE DELETE ON natsjob_run BEGIN SELECT RAISE(ABORT, 'kept'); END"));
        wire.spy.jetStreamManagement().deleteStream(Buckets.STREAM);
        assertEquals(SkipReason.NATS_DOWN, manual.run(Jobs.of(1, Model.MAX, SubjectModel.JET_STREAM), "", null, false).refusal());
        OpenRun left = open.find(rows().getFirst().id()).orElseThrow();
        assertEquals(SkipReason.NATS_DOWN, left.doubt());
        assertEquals(rows().getFirst().deadlineAt(), left.deadlineAt());
    }

    @Test
    void a_server_that_lost_its_term_claims_nothing() {
        leadership.take();
        assertEquals(new ManualRuns.Result(0, SkipReason.NO_LEADER), manual.run(Jobs.of(1, Model.MAX, SubjectModel.MEMORY), "", null, false));
        assertEquals(List.of(), rows());
    }

    /** docs/rules.md 6 and 17: the next leader has the run, and may send it. */
    @Test
    void a_claim_that_the_next_leader_took_over_is_neither_removed_nor_told_as_refused() {
        overtaken = true;
        ManualRuns.Result result = manual.run(Jobs.of(1, Model.MAX, SubjectModel.JET_STREAM), "", null, false);
        assertEquals(null, result.refusal());
        assertEquals(List.of(result.taskId()), rows().stream().map(StoredOpenRun::id).toList());
    }

    @Test
    void what_may_not_go_leaves_nothing() {
        weather.paused = true;
        assertEquals(new ManualRuns.Result(0, SkipReason.PAUSED), manual.run(Jobs.of(1, Model.MAX, SubjectModel.MEMORY), "", null, true));
        assertEquals(List.of(), rows());
        assertEquals(0, open.running());
    }

    @Test
    void an_ultra_run_goes_to_the_worker_that_is_asked_for_if_it_lives_and_takes_jobs() throws Exception {
        live.beat("w1", 100).beat("w2", 100).beat("w0", 0);
        Job job = Jobs.ultra(1, SubjectModel.MEMORY, Condition.FIRST);
        Subscription all = wire.spy.subscribe("natsjob-void.job.client-start.>");
        wire.spy.flush(Wire.SOON);
        assertEquals(null, manual.run(job, "", "w2", false).refusal());
        assertEquals(null, manual.run(job, "", null, false).refusal());
        assertEquals(List.of("w2", "w1"), subjectEnds(all, 2));
        assertEquals(List.of("w2", "w1"), rows().stream().map(row -> row.parts().text()).toList());
        for (String none : List.of("w0", "w9", "*")) {
            assertEquals(SkipReason.NO_WORKER, manual.run(job, "", none, true).refusal(), none);
        }
        Job broadcast = Jobs.ultra(2, SubjectModel.MEMORY, null);
        long task = manual.run(broadcast, "", "w2", false).taskId();
        assertEquals("* w2", rows().stream().filter(row -> row.id() == task).findFirst().orElseThrow().parts().text(), "a broadcast to one");
        long next = manual.run(broadcast, "", null, false).taskId();
        assertEquals("* w1 w2", rows().getLast().parts().text());
        assertTrue(manual.run(broadcast, "", null, false).taskId() > next + 2, "the sub-ids are no other's");
    }

    private static List<String> subjectEnds(Subscription subscription, int count) throws InterruptedException {
        List<String> ends = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String subject = subscription.nextMessage(Wire.SOON).getSubject();
            ends.add(subject.substring(subject.lastIndexOf('.') + 1));
        }
        return ends;
    }

    private List<StoredOpenRun> rows() {
        return database.read(sql -> {
            List<StoredOpenRun> rows = new ArrayList<>();
            RunTable.eachOpen(sql, 0, rows::add);
            return rows;
        });
    }
}
