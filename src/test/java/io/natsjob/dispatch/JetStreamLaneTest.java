package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.natsjob.job.Fire;
import io.natsjob.job.Jobs;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SkipReason;
import io.natsjob.job.SubjectModel;
import io.natsjob.log.Level;
import io.natsjob.log.Log;
import io.natsjob.log.LogLine;
import io.natsjob.protocol.Buckets;
import io.natsjob.protocol.JobMessage;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.ManualClock;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.SteadyTime;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamConfiguration;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JetStreamLaneTest {
    private static final long NOW = 1_800_000_000_000L;
    /** Later than the limit for an acknowledgement. */
    private static final Duration ACK_OVER = Duration.ofMillis(2_100);
    private final ManualClock clock = new ManualClock(NOW);
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final Wire.Notes notes = new Wire.Notes();
    private final List<OpenRun> late = new ArrayList<>();
    private volatile boolean leading = true;
    private Wire wire;
    private JetStreamLane lane;
    private Sender sender;

    private void begin(NatsServer server) {
        wire = new Wire(server, clock);
        lane = new JetStreamLane(wire.publishing, open, time, wire.infrastructure::duplicateWindowMillis, () -> leading);
        sender = wire.sender(open, time, new Confirmer(wire.publishing), lane, late);
    }

    @AfterEach
    void end() throws Exception {
        wire.close();
    }

    static Stream<Path> servers() {
        return NatsServer.binaries();
    }

    @ParameterizedTest
    @MethodSource("servers")
    void the_task_id_is_the_message_id_and_a_copy_counts_as_sent(Path binary) throws Exception {
        begin(NatsServer.create().binary(binary).start());
        send(fire(Model.MAX, 77, NOW, false));
        lane.turn();
        notes.await("sent 77");
        MessageInfo stored = management().getMessage(Buckets.STREAM, 1);
        assertEquals("77", stored.getHeaders().getFirst("Nats-Msg-Id"));
        assertEquals(77, JobMessage.parse(stored.getData()).taskId());
        sender.resend(fire(Model.MAX, 77, NOW, true), open.find(77).orElseThrow(), NOW);
        lane.turn();
        Eventually.await("acknowledged as a copy", Wire.SOON, () -> open.find(77).orElseThrow().doubt() == null);
        assertEquals(1, messages());
    }

    @Test
    void each_fire_of_a_plus_job_has_an_id_of_its_own() throws Exception {
        begin(NatsServer.create().start());
        for (int i = 0; i < 3; i++) {
            send(fire(Model.PLUS, 0, NOW, false));
            lane.turn();
        }
        Eventually.await("three outcomes", Wire.SOON, () -> notes.all.size() == 3);
        assertTrue(notes.all.stream().allMatch(note -> note.startsWith("sent ")), notes.all.toString());
        assertEquals(3, messages());
    }

    @Test
    void a_lost_acknowledgement_is_sent_again_under_the_same_id_and_stored_once() throws Exception {
        begin(NatsServer.create().start());
        loseAcknowledgement(fire(Model.MAX, 77, NOW, false));
        assertTrue(lane.turn() > 0, "not at once");
        clock.tick(Duration.ofMillis(500));
        assertEquals(0, lane.turn());
        notes.await("sent 77");
        assertNull(open.find(77).orElseThrow().doubt());
        assertEquals(1, messages());
    }

    @Test
    void a_repetition_is_judged_again_when_it_is_published_not_only_when_it_is_queued() throws Exception {
        begin(NatsServer.create().start());
        loseAcknowledgement(fire(Model.PLUS, 77, NOW, false));
        clock.tick(Duration.ofSeconds(90).minus(ACK_OVER));
        management().deleteStream(Buckets.STREAM);
        wire.infrastructure.ensure();
        assertEquals(0, lane.turn());
        notes.await("unconfirmed 77");
        assertEquals(0, messages(), "nothing goes out when the copy might not be known any more");
    }

    @Test
    void a_repetition_goes_out_until_30_s_before_the_window_ends() throws Exception {
        begin(NatsServer.create().start());
        loseAcknowledgement(fire(Model.PLUS, 77, NOW, false));
        clock.tick(Duration.ofMillis(89_999).minus(ACK_OVER));
        lane.turn();
        notes.await("sent 77");
    }

    @Test
    void the_streams_own_window_counts_whoever_made_it() throws Exception {
        NatsServer server = NatsServer.create().start();
        try (var first = server.connect()) {
            first.jetStreamManagement().addStream(StreamConfiguration.builder().name(Buckets.STREAM).subjects("natsjob.>")
                    .duplicateWindow(Duration.ofSeconds(32)).build());
        }
        begin(server);
        loseAcknowledgement(fire(Model.MAX, 77, NOW, false));
        notes.await("unconfirmed 77");
        assertEquals(SkipReason.UNCONFIRMED, open.find(77).orElseThrow().doubt(), "the run stays open and carries the doubt");
    }

    @Test
    void nothing_is_repeated_after_its_deadline() throws Exception {
        begin(NatsServer.create().start());
        loseAcknowledgement(fire(Model.MAX, 77, NOW, false));
        clock.tick(Duration.ofSeconds(30));
        lane.turn();
        notes.await("unconfirmed 77");
    }

    @Test
    void a_first_refusal_means_not_sent_and_frees_the_run() throws Exception {
        begin(NatsServer.create().start());
        management().updateStream(StreamConfiguration.builder(management().getStreamInfo(Buckets.STREAM).getConfiguration()).maximumMessageSize(10).build());
        send(fire(Model.MAX, 77, NOW, false));
        lane.turn();
        notes.await("refused 77");
        assertEquals(0, open.running());
        send(fire(Model.MAX, 78, NOW, true));
        lane.turn();
        notes.await("refused 77", "refused 78");
        assertEquals(SkipReason.REFUSED, open.find(78).orElseThrow().doubt(), "a claim taken over is left to its deadline");
    }

    @Test
    void a_refusal_of_a_repetition_never_means_not_sent() throws Exception {
        begin(NatsServer.create().start());
        loseAcknowledgement(fire(Model.MAX, 77, NOW, false));
        management().deleteStream(Buckets.STREAM);
        clock.tick(Duration.ofMillis(500));
        assertEquals(0, lane.turn());
        Eventually.await("queued again", Wire.SOON, () -> {
            clock.tick(Duration.ofMillis(500));
            return step() == 0;
        });
        assertEquals(List.of(), List.copyOf(notes.all));
        clock.tick(Duration.ofSeconds(40));
        Eventually.await("given up", Wire.SOON, () -> step() >= 0 && !notes.all.isEmpty());
        notes.await("unconfirmed 77");
        assertEquals(1, open.running());
    }

    @Test
    void without_a_connection_a_first_try_is_refused_and_leaves_nothing_behind() throws Exception {
        begin(NatsServer.create().start());
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        for (int i = 1; i <= JetStreamLane.WINDOW + 5; i++) {
            send(fire(Model.PLUS, i, NOW, false));
            lane.turn();
        }
        assertEquals(JetStreamLane.WINDOW + 5, notes.all.size());
        assertTrue(notes.all.stream().allMatch(note -> note.startsWith("nats-down ")), "no place in the window is lost");
    }

    @Test
    void a_payload_that_NATS_does_not_take_is_refused_and_keeps_no_place_in_the_window() throws Exception {
        begin(NatsServer.create().start());
        wire.server.stop();
        wire.server.config("max_payload: 100").start();
        wire.awaitConnected();
        for (int i = 1; i <= JetStreamLane.WINDOW + 5; i++) {
            send(fire(Model.PLUS, i, NOW, false));
            lane.turn();
        }
        assertEquals(JetStreamLane.WINDOW + 5, notes.all.size());
        assertTrue(notes.all.stream().allMatch(note -> note.startsWith("refused ")), notes.all.getLast());
    }

    @Test
    void what_waited_over_30_s_for_the_window_is_a_misfire() throws Exception {
        begin(NatsServer.create().start());
        send(fire(Model.MAX, 77, NOW, false));
        clock.tick(Duration.ofMillis(30_001));
        lane.turn();
        notes.await("missed 77");
        assertEquals(0, messages());
    }

    @Test
    void a_missed_fire_that_is_made_up_is_not_missed_again() throws Exception {
        begin(NatsServer.create().start());
        Fire madeUp = new Fire(0, Jobs.of(4, Model.MAX, SubjectModel.JET_STREAM), NOW - 3_600_000, 78, RunTrigger.MISFIRE, false, "", NOW + 30_000);
        send(madeUp);
        lane.turn();
        notes.await("sent 78");
    }

    @Test
    void refusals_are_logged_once_a_minute_with_their_number() throws Exception {
        List<LogLine> lines = new CopyOnWriteArrayList<>();
        Log.Sink before = Log.setSink(new Log.Sink() {
            @Override
            public boolean accepts(Level level) {
                return level == Level.WARN;
            }

            @Override
            public void write(LogLine line) {
                lines.add(line);
            }
        });
        try {
            begin(NatsServer.create().start());
            management().deleteStream(Buckets.STREAM);
            for (int i = 1; i <= 5; i++) {
                send(fire(Model.PLUS, i, NOW, false));
                lane.turn();
            }
            Eventually.awaitEqual("refused", Wire.SOON, 5, notes.all::size);
            clock.tick(Duration.ofMinutes(1));
            time.follow();
            send(fire(Model.PLUS, 6, NOW + 60_000, false));
            lane.turn();
            Eventually.awaitEqual("refused", Wire.SOON, 6, notes.all::size);
            assertEquals(List.of("1", "5"), lines.stream().filter(line -> line.message().equals("JetStream refused a message"))
                    .map(line -> line.fields().getLast().value().toString()).toList());
        } finally {
            Log.setSink(before);
        }
    }

    @Test
    void a_stream_that_nobody_leads_counts_as_NATS_away_so_that_the_fire_can_be_made_up() throws Exception {
        begin(NatsServer.create().start());
        management().deleteStream(Buckets.STREAM);
        send(fire(Model.MAX, 77, NOW, false));
        lane.turn();
        notes.await("nats-down 77");
        assertEquals(0, open.running());
    }

    @Test
    void a_full_queue_refuses_at_once() throws Exception {
        begin(NatsServer.create().start());
        for (int i = 1; i <= JetStreamLane.QUEUED + 1; i++) {
            send(fire(Model.PLUS, i, NOW, false));
        }
        notes.await("nats-down " + (JetStreamLane.QUEUED + 1));
    }

    @Test
    void the_lease_is_asked_right_before_the_publish() throws Exception {
        begin(NatsServer.create().start());
        send(fire(Model.MAX, 41, NOW, false));
        leading = false;
        lane.start();
        notes.await("no-leader 41");
        leading = true;
        send(fire(Model.MAX, 42, NOW, false));
        notes.await("no-leader 41", "sent 42");
        assertEquals(1, messages());
    }

    @Test
    void a_repetition_waits_for_the_lease() throws Exception {
        begin(NatsServer.create().start());
        send(fire(Model.MAX, 43, NOW, false));
        lane.turn();
        notes.await("sent 43");
        OpenRun run = open.find(43).orElseThrow();
        run.doubt(SkipReason.UNKNOWN);
        leading = false;
        sender.resend(fire(Model.MAX, 43, NOW, true), run, NOW);
        lane.turn();
        assertEquals(1, lane.waitingForRepetition());
        leading = true;
        lane.turn();
        assertEquals(0, lane.waitingForRepetition());
        Eventually.await("acknowledged as a copy", Wire.SOON, () -> run.doubt() == null);
    }

    @Test
    void a_stop_publishes_what_was_accepted_and_awaits_its_acknowledgements() throws Exception {
        begin(NatsServer.create().start());
        for (int i = 1; i <= 3_000; i++) {
            send(fire(Model.PLUS, i, NOW, false));
        }
        lane.start();
        lane.close(Duration.ofSeconds(20));
        assertEquals(3_000, notes.all.size());
        assertEquals(3_000, messages());
        send(fire(Model.PLUS, 9_999, NOW, false));
        assertEquals("no-leader 9999", notes.all.getLast(), "nothing is accepted after it");
    }

    @Test
    void a_stop_without_NATS_waits_for_nothing_and_leaves_the_doubt_to_the_next_leader() throws Exception {
        begin(NatsServer.create().start());
        lane.start();
        wire.server.pause();
        send(fire(Model.MAX, 77, NOW, false));
        Eventually.await("published", Wire.SOON, () -> {
            clock.tick(Duration.ofMillis(1));
            return wire.publishing.state().connected();
        });
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        long began = System.nanoTime();
        lane.close(Duration.ofSeconds(20));
        assertTrue(System.nanoTime() - began < Duration.ofSeconds(5).toNanos());
    }

    /** Sends it while NATS stands still, until the acknowledgement is given up; then lets NATS store it. */
    private void loseAcknowledgement(Fire fire) throws Exception {
        wire.server.pause();
        send(fire);
        assertEquals(0, lane.turn());
        clock.tick(ACK_OVER);
        Eventually.await("acknowledgement given up", Wire.SOON, () -> lane.waitingForRepetition() == 1 || !notes.all.isEmpty());
        wire.server.resume();
        Eventually.await("stored", Wire.SOON, () -> messages() == 1);
    }

    private long step() {
        try {
            return lane.turn();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void send(Fire fire) {
        sender.send(fire, 10, notes);
    }

    private static Fire fire(Model model, long runId, long at, boolean takenOver) {
        return new Fire(0, Jobs.of(4, model, SubjectModel.JET_STREAM), at, runId, RunTrigger.CRON, takenOver, "", at + 30_000);
    }

    private JetStreamManagement management() throws Exception {
        return wire.spy.jetStreamManagement();
    }

    private long messages() {
        try {
            return management().getStreamInfo(Buckets.STREAM).getStreamState().getMsgCount();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
