package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import io.natsjob.job.Condition;
import io.natsjob.job.Fire;
import io.natsjob.job.Jobs;
import io.natsjob.job.Parts;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.JobMessage;
import io.natsjob.protocol.JobMessage.Shard;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.SteadyTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Messages of ultra runs on their way, and what becomes of a run of which not all go out. */
class PartSendsTest {
    private static final long NOW = 1_800_000_000_000L;
    private static final long RUN = 1_000;
    private final ManualClock clock = new ManualClock(NOW);
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final Wire.Notes notes = new Wire.Notes();
    private final List<String> refusedParts = Collections.synchronizedList(new ArrayList<>());
    private volatile boolean leading = true;
    private Wire wire;
    private Confirmer confirmer;
    private JetStreamLane lane;
    private Sender sender;

    private void begin(NatsServer server) {
        wire = new Wire(server, clock);
        wire.refusedPart = (run, index, reason) -> refusedParts.add(run.parts().workerId(index) + " " + reason.word());
        confirmer = new Confirmer(wire.publishing);
        lane = new JetStreamLane(wire.publishing, open, time, wire.infrastructure::duplicateWindowMillis, () -> leading);
        sender = wire.sender(open, time, confirmer, lane, new ArrayList<>());
    }

    @AfterEach
    void end() throws Exception {
        wire.close();
    }

    private static Fire fire(SubjectModel subjects, Parts parts, boolean takenOver) {
        return new Fire(0, Jobs.ultra(4, subjects, parts.broadcast() ? null : Condition.MAX_WEIGHT), NOW, RUN, RunTrigger.CRON, takenOver, "a", NOW + 30_000, parts);
    }

    @Test
    void each_worker_gets_its_shard_under_its_own_subject_and_key() throws Exception {
        begin(NatsServer.create().start());
        Subscription all = wire.spy.subscribe("natsjob-void.>");
        wire.spy.flush(Wire.SOON);
        sender.send(fire(SubjectModel.MEMORY, Parts.all(List.of("w1", "w2", "w3")), false), 10, notes);
        for (int i = 0; i < 3; i++) {
            Message message = all.nextMessage(Wire.SOON);
            assertEquals("natsjob-void.job.client-start.app.biz.job-4.w" + (i + 1), message.getSubject());
            JobMessage job = JobMessage.parse(message.getData());
            assertEquals(RUN, job.taskId());
            assertEquals(new Shard(i, 3), job.shard());
            assertEquals(0, job.runningCount());
            assertEquals("natsjob.job.client-end.app.biz.job-4.1000." + (1_001 + i), job.ending().key());
        }
        assertEquals(List.of(), List.copyOf(notes.all), "not confirmed yet");
        confirmer.turn();
        notes.await("sent 1000");
        assertEquals(1, open.running(4), "one slot");
        assertEquals(3, open.runningParts("app"));
        assertEquals(0, open.runningParts("other"));
        sender.send(fire(SubjectModel.MEMORY, Parts.one("w2"), false).claimed(2_000, NOW + 30_000), 10, notes);
        JobMessage chosen = JobMessage.parse(all.nextMessage(Wire.SOON).getData());
        assertNull(chosen.shard(), "one chosen worker does the whole job");
        assertEquals("clientMaxWeight", chosen.condition());
        assertEquals(3, open.runningParts(null), "a chosen worker is no part");
    }

    @Test
    void one_message_id_a_part_and_a_repetition_is_stored_once_and_only_for_parts_that_have_not_ended() throws Exception {
        begin(NatsServer.create().start());
        Fire fire = fire(SubjectModel.JET_STREAM, Parts.all(List.of("w1", "w2")), false);
        sender.send(fire, 10, notes);
        lane.turn();
        lane.turn();
        notes.await("sent 1000");
        List<String> ids = new ArrayList<>();
        for (long seq = 1; seq <= 2; seq++) {
            MessageInfo stored = wire.spy.jetStreamManagement().getMessage(Buckets.STREAM, seq);
            ids.add(stored.getHeaders().getFirst("Nats-Msg-Id"));
        }
        assertEquals(List.of("1000.1001", "1000.1002"), ids);
        OpenRun run = open.find(RUN).orElseThrow();
        run.doubt(SkipReason.UNKNOWN);
        sender.resend(fire, run, NOW);
        lane.turn();
        lane.turn();
        Eventually.await("acknowledged as copies", Wire.SOON, () -> run.doubt() == null);
        assertEquals(2, wire.spy.jetStreamManagement().getStreamInfo(Buckets.STREAM).getStreamState().getMsgCount());
    }

    /** A stream with room for {@code messages}, which refuses further ones. */
    private void beginFull(int messages) throws Exception {
        NatsServer server = NatsServer.create().start();
        try (var first = server.connect()) {
            first.jetStreamManagement().addStream(StreamConfiguration.builder().name(Buckets.STREAM).subjects("natsjob.>").maxMessages(messages)
                    .discardPolicy(DiscardPolicy.New).build());
        }
        begin(server);
    }

    private void sendThree(boolean takenOver) throws InterruptedException {
        sender.send(fire(SubjectModel.JET_STREAM, Parts.all(List.of("w1", "w2", "w3")), takenOver), 10, notes);
        for (int i = 0; i < 3; i++) {
            lane.turn();
        }
    }

    @Test
    void parts_that_are_refused_fail_while_the_others_go_on() throws Exception {
        beginFull(1);
        sendThree(false);
        notes.await("sent 1000");
        assertEquals(List.of("w2 refused", "w3 refused"), List.copyOf(refusedParts));
        assertEquals(1, open.running(4));
        assertNull(open.find(RUN).orElseThrow().doubt());
    }

    /** The next leader may send what was left. */
    @Test
    void parts_that_come_after_the_lease_has_passed_are_left_to_the_deadline() throws Exception {
        begin(NatsServer.create().start());
        sender.send(fire(SubjectModel.JET_STREAM, Parts.all(List.of("w1", "w2", "w3")), false), 10, notes);
        lane.turn();
        leading = false;
        lane.turn();
        lane.turn();
        notes.await("sent 1000");
        assertEquals(List.of(), refusedParts);
        assertEquals(SkipReason.NO_LEADER, open.find(RUN).orElseThrow().doubt());
    }

    @Test
    void a_run_of_which_no_part_goes_out_is_refused_as_a_whole() throws Exception {
        begin(NatsServer.create().start());
        wire.spy.jetStreamManagement().deleteStream(Buckets.STREAM);
        sendThree(false);
        notes.await("nats-down 1000");
        assertEquals(List.of(), refusedParts);
        assertTrue(open.find(RUN).isEmpty());
        assertEquals(0, open.running(4));
    }

    @Test
    void what_a_former_leader_may_have_sent_is_left_to_the_deadline() throws Exception {
        beginFull(1);
        sendThree(true);
        notes.await("sent 1000");
        assertEquals(List.of(), refusedParts);
        assertEquals(SkipReason.REFUSED, open.find(RUN).orElseThrow().doubt());
    }

    @Test
    void without_NATS_nothing_goes_out() throws Exception {
        begin(NatsServer.create().start());
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        sender.send(fire(SubjectModel.MEMORY, Parts.all(List.of("w1", "w2")), false), 10, notes);
        notes.await("nats-down 1000");
        assertEquals(0, open.running(4));
    }
}
