package io.natsjob.dispatch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.eclipsesource.json.Json;
import io.nats.client.KeyValue;
import io.nats.client.Message;
import io.nats.client.Subscription;
import io.nats.client.api.KeyValueEntry;
import io.natsjob.job.Fire;
import io.natsjob.job.Jobs;
import io.natsjob.job.Limits;
import io.natsjob.job.Model;
import io.natsjob.job.RunTrigger;
import io.natsjob.job.SubjectModel;
import io.natsjob.protocol.Buckets;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class PresetsTest {
    private static final byte[] SUCCESS = "success".getBytes(StandardCharsets.UTF_8);
    private final SteadyTime time = new SteadyTime(Clock.system());
    private final OpenRuns open = new OpenRuns();
    private final Wire.Notes notes = new Wire.Notes();
    private volatile boolean leading = true;
    private Wire wire;
    private Confirmer confirmer;
    private JetStreamLane lane;
    private Presets presets;
    private Sender sender;
    private Subscription worker;
    private KeyValue results;

    private void begin(NatsServer server) throws Exception {
        wire = new Wire(server.start(), Clock.system());
        confirmer = new Confirmer(wire.publishing);
        lane = new JetStreamLane(wire.publishing, open, time, wire.infrastructure::duplicateWindowMillis, () -> leading);
        presets = new Presets(wire.publishing, confirmer, true, time);
        wire.leading = () -> leading;
        wire.presets = presets;
        sender = wire.sender(open, time, confirmer, lane, new ArrayList<>());
        worker = wire.spy.subscribe("*.job.start.>");
        wire.spy.flush(Duration.ofSeconds(5));
        results = wire.spy.keyValue(Buckets.RESULTS);
        confirmer.start();
        lane.start();
        presets.start();
    }

    @AfterEach
    void end() throws Exception {
        presets.close();
        lane.close();
        confirmer.close();
        wire.close();
    }

    @ParameterizedTest
    @EnumSource(SubjectModel.class)
    void a_worker_finds_the_key_and_updates_it_by_its_revision(SubjectModel subjects) throws Exception {
        begin(NatsServer.create());
        send(fire(Model.MAX, subjects, 7));
        Message message = worker.nextMessage(Wire.SOON);
        String key = key(message);
        KeyValueEntry preset = results.get(key);
        assertNotNull(preset, "before the message");
        assertTrue(preset.getValue() == null || preset.getValue().length == 0);
        assertTrue(results.update(key, SUCCESS, preset.getRevision()) > preset.getRevision());
        notes.await("sent 7");
    }

    @Test
    void a_job_without_answers_has_no_key_to_write() throws Exception {
        begin(NatsServer.create());
        send(fire(Model.PLUS, SubjectModel.MEMORY, 0));
        assertNotNull(worker.nextMessage(Wire.SOON));
        assertEquals(0, wire.spy.jetStreamManagement().getStreamInfo(Buckets.streamOf(Buckets.RESULTS)).getStreamState().getLastSequence());
    }

    @Test
    void a_write_that_comes_after_the_answer_does_not_cover_it() throws Exception {
        begin(NatsServer.create());
        Fire fire = fire(Model.MAX, SubjectModel.JET_STREAM, 9);
        send(fire);
        String key = key(worker.nextMessage(Wire.SOON));
        notes.await("sent 9");
        results.put(key, SUCCESS);
        sender.resend(fire, open.find(9).orElseThrow(), time.millis());
        presets.close();
        lane.close(Duration.ofSeconds(5));
        assertArrayEquals(SUCCESS, results.get(key).getValue());
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void a_bucket_that_takes_no_write_loses_no_fire(Path binary) throws Exception {
        begin(NatsServer.create().binary(binary));
        wire.spy.jetStreamManagement().deleteStream(Buckets.streamOf(Buckets.RESULTS));
        int fires = 2_500;
        for (int id = 1; id <= fires; id++) {
            send(fire(Model.MAX, SubjectModel.MEMORY, id));
        }
        Eventually.awaitEqual("outcomes", Wire.SOON, fires, notes.all::size);
        assertTrue(notes.all.stream().allMatch(note -> note.startsWith("sent ")), notes.all.getFirst());
        assertEquals(fires, wire.taken(worker).size());
    }

    @Test
    void nothing_goes_out_after_the_lead_was_lost_while_the_key_was_written() throws Exception {
        begin(NatsServer.create());
        leading = false;
        send(fire(Model.MAX, SubjectModel.MEMORY, 7));
        send(fire(Model.MAX, SubjectModel.JET_STREAM, 8));
        Eventually.awaitEqual("outcomes", Wire.SOON, List.of("no-leader 7", "no-leader 8"), () -> notes.all.stream().sorted().toList());
        assertEquals(0, open.running());
        assertNull(worker.nextMessage(Duration.ofMillis(100)));
    }

    @Test
    void what_has_waited_for_its_key_until_it_is_a_misfire_does_not_go_out() throws Exception {
        begin(NatsServer.create());
        for (SubjectModel subjects : SubjectModel.values()) {
            Fire fire = fire(Model.MAX, subjects, 7 + subjects.ordinal());
            send(new Fire(fire.slot(), fire.job(), time.millis() - Fire.MAX_LATE_MILLIS - 1_000, fire.runId(), fire.trigger(), false, fire.args(), fire.storedDeadline()));
        }
        Eventually.awaitEqual("outcomes", Wire.SOON, List.of("missed 7", "missed 8"), () -> notes.all.stream().sorted().toList());
        assertEquals(0, open.running());
        assertNull(worker.nextMessage(Duration.ofMillis(100)));
    }

    @Test
    void without_a_connection_the_fire_is_refused_as_ever() throws Exception {
        begin(NatsServer.create());
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        send(fire(Model.MAX, SubjectModel.MEMORY, 7));
        notes.await("nats-down 7");
    }

    @Test
    void both_steps_of_a_map_have_their_key() throws Exception {
        begin(NatsServer.create());
        Subscription first = wire.spy.subscribe("natsjob-void.job.pre-start.>");
        wire.spy.flush(Duration.ofSeconds(5));
        long now = time.millis();
        send(new Fire(0, Jobs.map(4, Model.MAX, SubjectModel.MEMORY, new Limits(10, 30)), now, 7, RunTrigger.CRON, false, "", now + 30_000));
        assertNotNull(results.get(key(first.nextMessage(Wire.SOON))));
        OpenRun run = open.find(7).orElseThrow();
        assertTrue(open.next(run) && open.begin(run, now + 30_000));
        assertTrue(sender.sendMain(run));
        String key = key(worker.nextMessage(Wire.SOON));
        assertTrue(key.startsWith("natsjob.job.end."), key);
        assertNotNull(results.get(key));
    }

    @Test
    void a_stop_sends_what_waits_for_its_key() throws Exception {
        begin(NatsServer.create());
        for (int id = 1; id <= 3_000; id++) {
            send(fire(Model.MAX, SubjectModel.MEMORY, id));
        }
        presets.close();
        assertEquals(3_000, wire.taken(worker).size());
    }

    private void send(Fire fire) {
        sender.send(fire, 10_000, notes);
        sender.flush();
    }

    private Fire fire(Model model, SubjectModel subjects, long runId) {
        long now = time.millis();
        return new Fire(0, Jobs.of(4, model, subjects), now, runId, RunTrigger.CRON, false, "", now + 30_000);
    }

    private static String key(Message message) {
        assertNotNull(message, "no message came");
        return Json.parse(new String(message.getData(), StandardCharsets.UTF_8)).asObject().getString("jobEndKvKey", "");
    }
}
