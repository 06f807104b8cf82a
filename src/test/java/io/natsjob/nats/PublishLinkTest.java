package io.natsjob.nats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.nats.client.Connection;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.natsjob.testkit.Eventually;
import io.natsjob.testkit.NatsServer;
import io.natsjob.time.Clock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishLinkTest {
    private static final byte[] BODY = "x".getBytes(StandardCharsets.UTF_8);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private NatsRig rig;

    @BeforeEach
    void open() {
        rig = new NatsRig(NatsServer.create().start());
    }

    @AfterEach
    void close() throws Exception {
        rig.close();
    }

    private static byte[] body(int i) {
        return Integer.toString(i).getBytes(StandardCharsets.UTF_8);
    }

    private Set<String> listen(String subject) throws Exception {
        Connection raw = rig.raw();
        Set<String> got = ConcurrentHashMap.newKeySet();
        raw.createDispatcher(m -> got.add(m.getData().length > 100 ? "large" : new String(m.getData(), StandardCharsets.UTF_8))).subscribe(subject);
        raw.flush(Duration.ofSeconds(2));
        return got;
    }

    private Connection listenToAll() throws Exception {
        Connection raw = rig.raw();
        raw.createDispatcher(m -> { }).subscribe("natsjob-void.>");
        raw.flush(Duration.ofSeconds(2));
        return raw;
    }

    /** Waits until nothing has come for a second: what was to come late has come. */
    private static void awaitQuiet(Connection raw) {
        long[] seen = {-1, 0};
        Eventually.await("quiet", NatsRig.LIMIT, () -> {
            long bytes = raw.getStatistics().getInBytes();
            long now = System.nanoTime();
            if (bytes != seen[0]) {
                seen[0] = bytes;
                seen[1] = now;
            }
            return now - seen[1] > 1_000_000_000L;
        });
    }

    private static <T extends Throwable> T failure(CompletableFuture<Ack> answer, Class<T> type) {
        return assertInstanceOf(type, assertThrows(ExecutionException.class, () -> answer.get(5, TimeUnit.SECONDS)).getCause());
    }

    @Test
    void publishes_and_confirms() throws Exception {
        Set<String> got = listen("natsjob-void.>");
        PublishLink link = rig.publishLink();
        for (int i = 0; i < 20_000; i++) {
            assertEquals(1, link.publish("natsjob-void.job.start.app.biz.owner", body(i)));
        }
        assertEquals(new Confirmation(true, 1), link.confirm(SECOND));
        Eventually.awaitEqual("messages", NatsRig.LIMIT, 20_000, got::size);
        assertEquals(1 << 20, link.maxPayload());
    }

    @Test
    void acknowledges_with_the_sequence_and_knows_a_duplicate() throws Exception {
        rig.linkWithStreams();
        PublishLink link = rig.publishLink();
        assertEquals(new Ack(1, false), link.publishStored("natsjob.job.start.app.biz.owner", "1", BODY).get(5, TimeUnit.SECONDS));
        assertEquals(new Ack(2, false), link.publishStored("natsjob.job.start.app.biz.owner", "1.m", BODY).get(5, TimeUnit.SECONDS));
        assertEquals(new Ack(1, true), link.publishStored("natsjob.job.start.app.biz.owner", "1", BODY).get(5, TimeUnit.SECONDS));
    }

    @Test
    void keeps_a_thousand_in_flight_and_matches_each_answer() throws Exception {
        rig.linkWithStreams();
        PublishLink link = rig.publishLink();
        List<CompletableFuture<Ack>> answers = new ArrayList<>();
        for (int round = 0; round < 5; round++) {
            List<CompletableFuture<Ack>> window = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                window.add(link.publishStored("natsjob.job.start.app.biz.owner", round + "-" + i, BODY));
            }
            CompletableFuture.allOf(window.toArray(CompletableFuture[]::new)).get(10, TimeUnit.SECONDS);
            answers.addAll(window);
        }
        for (int i = 0; i < answers.size(); i++) {
            // one publisher on a fresh stream: its order is the stream's
            assertEquals(new Ack(i + 1, false), answers.get(i).get());
        }
    }

    @Test
    void says_refused_when_no_stream_takes_it() {
        PublishLink link = rig.publishLink();
        assertEquals(503, failure(link.publishStored("natsjob.job.start.app.biz.owner", "1", BODY), PublishRefused.class).code());
    }

    @Test
    void says_refused_when_the_stream_is_full() throws Exception {
        rig.raw().jetStreamManagement().addStream(StreamConfiguration.builder().name("natsjob").subjects("natsjob.>").maxMessages(1)
                .discardPolicy(DiscardPolicy.New).storageType(StorageType.Memory).build());
        PublishLink link = rig.publishLink();
        assertEquals(1, link.publishStored("natsjob.a", "1", BODY).get(5, TimeUnit.SECONDS).seq());
        PublishRefused refused = failure(link.publishStored("natsjob.a", "2", BODY), PublishRefused.class);
        assertTrue(refused.getMessage().contains("maximum messages"), refused.getMessage());
    }

    @Test
    void says_refused_when_another_stream_has_the_subject() throws Exception {
        rig.raw().jetStreamManagement().addStream(StreamConfiguration.builder().name("other").subjects("natsjob.>").storageType(StorageType.Memory).build());
        failure(rig.publishLink().publishStored("natsjob.a", "1", BODY), PublishRefused.class);
    }

    @Test
    void refuses_at_once_while_down_and_comes_back_as_the_next_incarnation() {
        PublishLink link = rig.publishLink();
        rig.server.kill();
        Eventually.await("down", NatsRig.LIMIT, () -> !link.connected());
        assertEquals(0, link.incarnation());
        assertThrows(LinkDownException.class, () -> link.publish("a", BODY));
        assertThrows(LinkDownException.class, () -> link.publishStored("natsjob.a", "1", BODY));
        assertEquals(new Confirmation(false, 0), link.confirm(SECOND));
        rig.server.start();
        Eventually.await("up", NatsRig.LIMIT, link::connected);
        assertEquals(2, link.incarnation());
        assertEquals(new Confirmation(true, 2), link.confirm(SECOND));
    }

    @Test
    void sends_nothing_late_after_the_server_was_killed() throws Exception {
        PublishLink link = rig.publishLink();
        rig.server.pause();
        // the socket's buffers fill and the rest stays in the client's queue
        byte[] large = new byte[100_000];
        int taken = 0;
        try {
            while (taken < 1_000) {
                link.publish("natsjob-void.late", large);
                taken++;
            }
        } catch (LinkDownException e) {
            assertTrue(taken > 0, "nothing was taken at all");
        }
        rig.server.kill();
        Eventually.await("down", NatsRig.LIMIT, () -> !link.connected());
        rig.server.start();
        Set<String> got = listen("natsjob-void.late");
        Connection all = listenToAll();
        Eventually.await("up", NatsRig.LIMIT, link::connected);
        link.publish("natsjob-void.late", body(2));
        Eventually.await("the new one", NatsRig.LIMIT, () -> got.contains("2"));
        awaitQuiet(all);
        assertEquals(Set.of("2"), got);
    }

    @Test
    void sends_nothing_late_of_its_own_queue_after_the_server_froze() throws Exception {
        Set<String> got = listen("natsjob-void.late");
        Connection all = listenToAll();
        PublishLink link = rig.publishLink();
        // fills the socket while the server sleeps; what follows stays in the client
        rig.server.pause();
        byte[] large = new byte[1_000_000];
        for (int i = 0; i < 60; i++) {
            link.publish("natsjob-void.filler", large);
        }
        for (int i = 0; i < 100; i++) {
            link.publish("natsjob-void.late", body(i));
        }
        assertFalse(link.confirm(Duration.ofMillis(300)).confirmed());
        link.drop();
        assertFalse(link.connected());
        // the first connection's end is awaited: its writer hangs in the full socket
        Eventually.await("the old connection is closed", NatsRig.LIMIT, () -> rig.logged("NATS connection lost") == 1 && closedOld(link));
        rig.server.resume();
        Eventually.await("up", NatsRig.LIMIT, link::connected);
        link.publish("natsjob-void.late", "new".getBytes(StandardCharsets.UTF_8));
        Eventually.await("the new one", NatsRig.LIMIT, () -> got.contains("new"));
        awaitQuiet(all);
        assertEquals(Set.of("new"), got);
    }

    private static boolean closedOld(PublishLink link) {
        return link.closing() == 0;
    }

    @Test
    void confirms_nothing_while_the_server_is_frozen_and_calls_the_stored_unknown() throws Exception {
        rig.linkWithStreams();
        PublishLink link = rig.publishLink();
        rig.server.pause();
        long begin = System.nanoTime();
        CompletableFuture<Ack> answer = link.publishStored("natsjob.a", "1", BODY);
        assertFalse(link.confirm(Duration.ofMillis(500)).confirmed());
        failure(answer, AckUnknown.class);
        long millis = (System.nanoTime() - begin) / 1_000_000;
        assertTrue(millis >= 1_950 && millis < 3_000, "unknown after " + millis + " ms");
        rig.server.resume();
    }

    @Test
    void calls_what_waits_unknown_at_a_cut() throws Exception {
        rig.linkWithStreams();
        PublishLink link = rig.publishLink();
        rig.server.pause();
        CompletableFuture<Ack> answer = link.publishStored("natsjob.a", "1", BODY);
        link.drop();
        long begin = System.nanoTime();
        failure(answer, AckUnknown.class);
        assertTrue(System.nanoTime() - begin < 1_000_000_000L, "at once, not after its limit");
        rig.server.resume();
    }

    @Test
    void finds_a_frozen_server_by_itself() {
        PublishLink link = rig.publishLink();
        rig.server.pause();
        Eventually.await("lost", NatsRig.LIMIT, () -> !link.connected());
        rig.server.resume();
        Eventually.await("back", NatsRig.LIMIT, link::connected);
    }

    @Test
    void names_a_payload_that_is_too_large() {
        PublishLink link = rig.publishLink();
        assertThrows(IllegalArgumentException.class, () -> link.publish("a", new byte[(1 << 20) + 1]));
        assertThrows(IllegalArgumentException.class, () -> link.publishStored("natsjob.a", "1", new byte[(1 << 20) + 1]));
        assertTrue(link.confirm(SECOND).confirmed());
    }

    @Test
    void stays_up_under_many_confirmations() {
        PublishLink link = rig.publishLink();
        for (int i = 0; i < 2_000; i++) {
            link.publish("natsjob-void.a", BODY);
            assertEquals(new Confirmation(true, 1), link.confirm(SECOND));
        }
    }

    @ParameterizedTest
    @MethodSource("io.natsjob.testkit.NatsServer#binaries")
    void a_publish_for_which_the_right_is_missing_shows_in_plain_words(Path binary) throws Exception {
        rig.server.stop();
        rig.server.binary(binary).config("authorization { users: [ { user: natsjob, password: pw, permissions: { publish: [allowed], subscribe: [\">\"] } } ] }").start();
        PublishLink link = rig.closing(new PublishLink(new NatsOptions(List.of(rig.server.url()), "natsjob", "pw", null, "test"), Clock.system()));
        link.start();
        Eventually.await("connected", NatsRig.LIMIT, link::connected);
        link.publish("allowed", new byte[1]);
        assertTrue(link.confirm(Duration.ofSeconds(5)).confirmed());
        assertNull(link.refusal());
        link.publish("natsjob-void.job.start.app.biz.report", new byte[1]);
        Eventually.await("told", NatsRig.LIMIT, () -> link.refusal() != null);
        assertEquals("NATS refuses this login to publish on natsjob-void.job.start.app.biz.report: allow it to publish on natsjob.> and natsjob-void.>", link.refusal());
        assertTrue(link.connected());
    }
}
