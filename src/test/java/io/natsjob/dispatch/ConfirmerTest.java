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
import io.natsjob.testkit.Eventually;
import io.natsjob.time.Clock;
import io.natsjob.time.SteadyTime;
import io.nats.client.Connection;
import io.nats.client.Subscription;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConfirmerTest {
    private final Clock clock = Clock.system();
    private final SteadyTime time = new SteadyTime(clock);
    private final OpenRuns open = new OpenRuns();
    private final Wire.Notes notes = new Wire.Notes();
    private Wire wire;
    private Confirmer confirmer;
    private Sender sender;

    @BeforeEach
    void begin() {
        wire = new Wire(clock);
        confirmer = new Confirmer(wire.publishing);
        sender = wire.sender(open, time, confirmer, new JetStreamLane(wire.publishing, open, time, () -> 0, () -> true), new ArrayList<>());
    }

    @AfterEach
    void end() throws Exception {
        wire.close();
    }

    @Test
    void one_pong_covers_everything_that_was_sent_before_the_ping() {
        IntStream.rangeClosed(1, 50).forEach(id -> send(Model.MAX, id));
        assertEquals(List.of(), notes.all, "nothing is sent before it is confirmed");
        confirmer.turn();
        notes.await(IntStream.rangeClosed(1, 50).mapToObj(id -> "sent " + id).toArray(String[]::new));
        assertNull(open.find(7).orElseThrow().doubt());
    }

    @Test
    void what_is_sent_while_a_ping_is_out_is_covered_by_the_next() {
        confirmer.start();
        wire.server.pause();
        send(Model.MAX, 1);
        confirmer.flush();
        send(Model.MAX, 2);
        confirmer.flush();
        send(Model.MAX, 3);
        confirmer.flush();
        wire.server.resume();
        notes.await("sent 1", "sent 2", "sent 3");
        confirmer.close();
    }

    @Test
    void without_a_pong_the_fires_are_unconfirmed_runs_carry_the_doubt_and_the_connection_goes() {
        long before = wire.publishing.incarnation();
        wire.server.pause();
        send(Model.MAX, 1);
        send(Model.LITE, 2);
        long began = System.nanoTime();
        confirmer.turn();
        long millis = (System.nanoTime() - began) / 1_000_000;
        assertTrue(millis >= 1_000 && millis < 2_500, millis + " ms");
        notes.await("unconfirmed 1", "unconfirmed 2");
        assertEquals(SkipReason.UNCONFIRMED, open.find(1).orElseThrow().doubt());
        assertEquals(1, open.running(), "the recorded run stays open");
        assertEquals(0, wire.publishing.incarnation(), "given up at once, with what waits in it");
        wire.server.resume();
        Eventually.await("a new connection", Wire.SOON, () -> wire.publishing.incarnation() > before);
    }

    @Test
    void a_pong_of_a_later_connection_confirms_nothing_of_a_former_one() {
        send(Model.MAX, 1);
        long before = wire.publishing.incarnation();
        wire.publishing.drop();
        Eventually.await("a new connection", Wire.SOON, () -> wire.publishing.incarnation() > before);
        send(Model.MAX, 2);
        confirmer.turn();
        notes.await("unconfirmed 1", "sent 2");
    }

    @Test
    void when_the_link_is_down_what_was_sent_is_unconfirmed_at_once_and_what_comes_is_refused() {
        send(Model.MAX, 1);
        wire.server.kill();
        Eventually.await("cut", Wire.SOON, () -> !wire.publishing.connected());
        send(Model.MAX, 2);
        send(Model.LITE, 3);
        long began = System.nanoTime();
        confirmer.turn();
        assertTrue(System.nanoTime() - began < Duration.ofMillis(500).toNanos());
        notes.await("nats-down 2", "nats-down 3", "unconfirmed 1");
        assertEquals(1, open.running());
    }

    @Test
    void nothing_that_was_published_before_a_cut_is_sent_late() throws Exception {
        wire.server.pause();
        // More than the sockets hold, so that some still waits in the client.
        String args = "x".repeat(2_000);
        IntStream.rangeClosed(1, 4_000).forEach(id -> send(Model.LITE, id, args));
        wire.server.kill();
        wire.server.start();
        try (Connection late = wire.server.connect()) {
            Subscription subscription = late.subscribe("natsjob-void.>");
            late.flush(Duration.ofSeconds(5));
            wire.awaitConnected();
            confirmer.turn();
            send(Model.LITE, 9_999);
            confirmer.turn();
            Eventually.await("the new one came", Wire.SOON, () -> subscription.getPendingMessageCount() > 0);
            late.flush(Duration.ofSeconds(5));
            assertEquals(1, subscription.getPendingMessageCount());
        }
        notes.await(Stream.concat(IntStream.rangeClosed(1, 4_000).mapToObj(id -> "unconfirmed " + id), Stream.of("sent 9999")).toArray(String[]::new));
    }

    private void send(Model model, long id) {
        send(model, id, "");
    }

    private void send(Model model, long id, String args) {
        long now = time.millis();
        sender.send(new Fire(0, Jobs.of(1, model, SubjectModel.MEMORY), now, id, RunTrigger.CRON, false, args, now + 30_000), 1_000, notes);
    }
}
