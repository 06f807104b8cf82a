package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Fire;
import io.natsjob.job.Job;
import io.natsjob.job.Jobs;
import io.natsjob.job.Limits;
import io.natsjob.job.Model;
import io.natsjob.job.RunEvent;
import io.natsjob.job.RunStep;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.JobMessage;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import io.nats.client.JetStreamApiException;
import io.nats.client.Subscription;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Both messages of a map on a real nats-server (docs/rules.md 16 and 20). */
class MainStepsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long TIMEOUT = 10_000;
    private final ManualClock clock = new ManualClock(NOW);
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final List<OpenRun> late = new ArrayList<>();
    private final Wire.Notes notes = new Wire.Notes();
    private Wire wire;
    private Confirmer confirmer;
    private JetStreamLane lane;
    private Sender sender;
    private MainSteps steps;
    private Subscription subscription;

    @BeforeEach
    void begin() throws Exception {
        wire = new Wire(Clock.system());
        confirmer = new Confirmer(wire.publishing);
        lane = new JetStreamLane(wire.publishing, open, time, () -> 120_000, () -> true);
        sender = wire.sender(open, time, confirmer, lane, late);
        steps = new MainSteps(sender);
        subscription = wire.spy.subscribe("natsjob-void.>");
        wire.spy.flush(Duration.ofSeconds(5));
    }

    @AfterEach
    void end() throws Exception {
        wire.close();
    }

    private static Fire fire(Model model, SubjectModel subjects) {
        Job job = Jobs.map(1, model, subjects, new Limits(10, (int) (TIMEOUT / 1_000)));
        return new Fire(0, job, NOW, model.recorded() ? 77 : 0, RunTrigger.CRON, false, "args", NOW + TIMEOUT);
    }

    /** The first step is sent, its answer came after 3 s and is committed, with a deadline from then on. */
    private OpenRun committed(SubjectModel subjects) {
        sender.send(fire(Model.MAX, subjects), 10, notes);
        OpenRun run = open.find(77).orElseThrow();
        assertEquals(RunStep.PRE, run.step());
        clock.tick(Duration.ofSeconds(3));
        assertTrue(open.next(run));
        assertTrue(open.begin(run, NOW + 3_000 + TIMEOUT));
        run.deadlineStored(NOW + 3_000 + TIMEOUT);
        steps.committed(run);
        return run;
    }

    @Test
    void the_main_step_has_the_task_id_a_key_and_a_deadline_of_its_own_and_counts_its_own_run() throws Exception {
        OpenRun run = committed(SubjectModel.MEMORY);
        clock.tick(Duration.ofMillis(500));
        steps.turn();
        confirmer.turn();
        List<JobMessage> sent = wire.taken(subscription);
        assertEquals(2, sent.size());
        JobMessage first = sent.get(0);
        JobMessage main = sent.get(1);
        assertEquals("natsjob.job.pre-end.app.biz.job-1.77", first.ending().key());
        assertEquals("natsjob.job.end.app.biz.job-1.77", main.ending().key());
        assertEquals(first.taskId(), main.taskId());
        assertEquals(0, first.runningCount());
        assertEquals(1, main.runningCount());
        assertEquals("2027-01-15 08:00:10.000", first.ending().expireTime());
        assertEquals("2027-01-15 08:00:13.500", main.ending().expireTime());
        assertEquals("2027-01-15 08:00:03.500", main.createdAt());
        assertEquals(first.scheduledTime(), main.scheduledTime());
        assertEquals("args", main.args());
        assertEquals(NOW + 3_500 + TIMEOUT, run.deadlineAt());
        assertEquals(List.of(), late, "half a second is not worth a write");
        assertNull(run.doubt());
    }

    @Test
    void the_steps_go_out_on_pre_start_and_start() throws Exception {
        Subscription first = wire.spy.subscribe("natsjob-void.job.pre-start.app.biz.job-1");
        Subscription main = wire.spy.subscribe("natsjob-void.job.start.app.biz.job-1");
        wire.spy.flush(Duration.ofSeconds(5));
        committed(SubjectModel.MEMORY);
        assertEquals(1, wire.taken(first).size());
        assertEquals(0, wire.taken(main).size());
        steps.turn();
        assertEquals(0, wire.taken(first).size());
        assertEquals(1, wire.taken(main).size());
    }

    @Test
    void lite_and_plus_send_the_first_step_alone_with_nothing_to_end() throws Exception {
        Subscription first = wire.spy.subscribe("natsjob-void.job.pre-start.app.biz.job-1");
        wire.spy.flush(Duration.ofSeconds(5));
        for (Model model : List.of(Model.LITE, Model.PLUS)) {
            sender.send(fire(model, SubjectModel.MEMORY), 10, notes);
        }
        List<JobMessage> sent = wire.taken(first);
        assertEquals(List.of("", ""), sent.stream().map(message -> message.ending().key()).toList());
        assertNotEquals(sent.get(0).taskId(), sent.get(1).taskId());
        assertEquals(0, open.running());
        steps.turn();
        assertEquals(2, wire.taken(subscription).size());
    }

    @Test
    void both_steps_reach_the_stream_under_ids_of_their_own_and_a_copy_is_dropped() throws Exception {
        OpenRun run = committed(SubjectModel.JET_STREAM);
        lane.turn();
        notes.await("sent 77");
        steps.turn();
        lane.turn();
        awaitMessages(2);
        assertEquals("77", stored(1).getHeaders().getFirst("Nats-Msg-Id"));
        assertEquals("natsjob.job.pre-start.app.biz.job-1", stored(1).getSubject());
        assertEquals("77.m", stored(2).getHeaders().getFirst("Nats-Msg-Id"));
        assertEquals("natsjob.job.start.app.biz.job-1", stored(2).getSubject());
        run.doubt(SkipReason.UNKNOWN);
        sender.resend(run.main(), run, NOW + 3_000);
        lane.turn();
        Eventually.await("acknowledged as a copy", Wire.SOON, () -> run.doubt() == null);
        assertEquals(2, messages());
    }

    @Test
    void a_resent_main_step_older_than_the_streams_memory_stays_in_doubt() throws Exception {
        OpenRun run = committed(SubjectModel.JET_STREAM);
        lane.turn();
        notes.await("sent 77");
        run.doubt(SkipReason.UNKNOWN);
        open.begin(run, NOW + 900_000);
        sender.resend(run.main(), run, NOW + 3_000 - 90_000);
        lane.turn();
        assertEquals(1, messages());
        assertEquals(SkipReason.UNCONFIRMED, run.doubt());
    }

    @Test
    void without_NATS_it_waits_and_goes_with_a_new_deadline_that_its_row_learns() throws Exception {
        OpenRun run = committed(SubjectModel.MEMORY);
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        clock.tick(Duration.ofSeconds(1));
        steps.turn();
        assertEquals(SkipReason.NATS_DOWN, run.doubt());
        assertEquals(NOW + 3_000 + TIMEOUT, run.deadlineAt(), "the committed one holds until it is sent");
        wire.server.start();
        wire.awaitConnected();
        Eventually.await("the spy is back", Wire.SOON, () -> wire.spy.getStatus() == io.nats.client.Connection.Status.CONNECTED);
        wire.spy.flush(Duration.ofSeconds(5));
        clock.tick(Duration.ofSeconds(4));
        steps.turn();
        assertEquals(List.of("natsjob.job.end.app.biz.job-1.77"), wire.taken(subscription).stream().map(message -> message.ending().key())
                .filter(key -> key.contains(".end.")).toList());
        assertEquals(NOW + 8_000 + TIMEOUT, run.deadlineAt());
        assertEquals(List.of(run), late);
        assertNull(run.doubt());
    }

    @Test
    void without_the_lease_it_waits_as_without_NATS() throws Exception {
        AtomicBoolean leading = new AtomicBoolean(true);
        wire.leading = leading::get;
        OpenRun run = committed(SubjectModel.MEMORY);
        assertEquals(1, wire.taken(subscription).size());
        leading.set(false);
        steps.turn();
        assertEquals(SkipReason.NO_LEADER, run.doubt());
        assertEquals(0, wire.taken(subscription).size());
        leading.set(true);
        steps.turn();
        assertEquals(1, wire.taken(subscription).size());
        assertNull(run.doubt());
    }

    @Test
    void a_run_that_ended_before_its_main_step_went_out_gets_none() throws Exception {
        OpenRun run = committed(SubjectModel.MEMORY);
        open.end(run, RunEvent.FAILED);
        steps.turn();
        assertEquals(1, wire.taken(subscription).size());
    }

    @Test
    void a_stop_sends_what_is_committed() throws Exception {
        steps.start();
        steps.close();
        committed(SubjectModel.MEMORY);
        steps.close();
        assertEquals(2, wire.taken(subscription).size());
    }

    private void awaitMessages(long count) {
        Eventually.await(count + " messages in the stream", Wire.SOON, () -> messages() == count);
    }

    private long messages() {
        try {
            return wire.spy.jetStreamManagement().getStreamInfo(Buckets.STREAM).getStreamState().getMsgCount();
        } catch (IOException | JetStreamApiException e) {
            throw new AssertionError(e);
        }
    }

    private MessageInfo stored(long sequence) throws Exception {
        return wire.spy.jetStreamManagement().getMessage(Buckets.STREAM, sequence);
    }
}
